import { Module } from '@nestjs/common';

@Module({ providers: [{ provide: 'token', useValue: 5 }] })
export default class Empty {}

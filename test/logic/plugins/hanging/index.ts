import { Module } from '@nestjs/common';
import { LogicServer, OnEvent } from 'signalbox/plugin';

@LogicServer({ name: 'hanging', version: '1.0.0' })
class Hanging {
  /** Nest waits for it, and it never ends. */
  onModuleInit() {
    return new Promise(() => {});
  }

  @OnEvent('devices/+/events/reading')
  handle() {}
}

@Module({ providers: [Hanging] })
export default class HangingModule {}

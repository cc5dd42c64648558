import { Module } from '@nestjs/common';
import { LogicServer, OnEvent } from 'signalbox/plugin';

class First {}
class Second {}

@LogicServer({ name: 'one', version: '1.0.0', config: First })
class One {
  @OnEvent('devices/+/events/reading')
  handle() {}
}

@LogicServer({ name: 'two', version: '1.0.0', config: Second })
class Two {
  @OnEvent('devices/+/events/reading')
  handle() {}
}

@Module({ providers: [One, Two] })
export default class TwoConfigs {}

import { LogicServer, OnEvent } from 'signalbox/plugin';

@LogicServer({ name: 'throwing', version: '2.0.0' })
export default class Throwing {
  constructor() {
    throw new Error('no licence');
  }

  @OnEvent('devices/+/events/reading')
  handle() {}
}

import { LogicServer, OnEvent } from 'signalbox/plugin';

@LogicServer({ name: 'fails-closing', version: '1.0.0' })
export default class FailsClosing {
  onModuleDestroy() {
    throw new Error('no way out');
  }

  @OnEvent('devices/+/events/reading')
  handle() {}
}

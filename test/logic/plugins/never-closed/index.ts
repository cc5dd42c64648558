import { LogicServer, OnEvent } from 'signalbox/plugin';

@LogicServer({ name: 'never-closed', version: '1.0.0' })
export default class NeverClosed {
  onModuleDestroy() {
    return new Promise(() => {});
  }

  @OnEvent('devices/+/events/reading')
  handle() {}
}

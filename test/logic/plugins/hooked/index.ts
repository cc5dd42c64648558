import { LogicServer, OnEvent } from 'signalbox/plugin';

export const closed: string[] = [];

@LogicServer({ name: 'hooked', version: '1.0.0' })
export default class Hooked {
  onApplicationShutdown() {
    closed.push('hooked');
  }

  @OnEvent('devices/+/events/reading')
  handle() {}
}

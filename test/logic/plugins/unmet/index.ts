import { LogicServer, OnEvent } from 'signalbox/plugin';

class Unknown {}

@LogicServer({ name: 'unmet', version: '1.0.0' })
export default class Unmet {
  constructor(readonly needed: Unknown) {}

  @OnEvent('devices/+/events/reading')
  handle() {}
}

import { LogicServer, OnEvent } from 'signalbox/plugin';

@LogicServer({ name: 'astray', version: '1.0.0' })
export default class Astray {
  @OnEvent('orders/+')
  handle() {}
}

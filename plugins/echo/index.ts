import { type DeviceEvent, LogicServer, OnEvent, type Turn } from 'signalbox/plugin';

/** Tells a device what it said: the smallest logic server. */
@LogicServer({ name: 'echo', version: '1.0.0', grants: { command: [{ device: '#', names: ['echo'] }] } })
export default class Echo {
  @OnEvent('devices/+/events/echo')
  answer(event: DeviceEvent<unknown>, turn: Turn) {
    turn.command(event.device, 'echo', event.data);
  }
}

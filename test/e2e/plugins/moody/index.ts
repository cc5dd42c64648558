import { type DeviceEvent, LogicServer, OnEvent, type Turn } from 'signalbox/plugin';

/** While it is bad, nothing is done. */
export const mood = { isBad: false };

@LogicServer({
  name: 'moody',
  version: '2.0.0',
  grants: { command: [{ device: '#', names: ['felt'] }] },
  run: { retry: { times: 1, backoff: '1s..1s' } },
})
export default class Moody {
  @OnEvent('devices/+/events/mood')
  feel({ device, data }: DeviceEvent<unknown>, turn: Turn) {
    if (mood.isBad) throw new Error('not today');
    turn.command(device, 'felt', data);
  }
}

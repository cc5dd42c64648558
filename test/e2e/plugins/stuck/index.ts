import { type DeviceEvent, LogicServer, OnEvent, type Turn } from 'signalbox/plugin';

/** Devices whose events it has begun to read. */
export const begun: string[] = [];

/** Begins and never ends. */
@LogicServer({
  name: 'stuck',
  version: '1.0.0',
  grants: { command: [{ device: '#', names: ['never'] }], publish: ['late'] },
})
export default class Stuck {
  @OnEvent('devices/+/events/stick')
  stick({ device }: DeviceEvent<unknown>, turn: Turn): Promise<void> {
    turn.command(device, 'never');
    begun.push(device);
    return new Promise(() => {});
  }
}

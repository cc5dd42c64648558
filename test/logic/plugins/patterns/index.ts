import { type DeviceEvent, LogicServer, OnEvent } from 'signalbox/plugin';

export const seen: string[] = [];

@LogicServer({ name: 'patterns', version: '1.0.0' })
export default class Patterns {
  @OnEvent('devices/#')
  all({ device, type }: DeviceEvent<unknown>) {
    seen.push(`all ${device} ${type}`);
  }

  @OnEvent('devices/+/events/$presence')
  presence({ device, type }: DeviceEvent<unknown>) {
    seen.push(`presence ${device} ${type}`);
  }
}

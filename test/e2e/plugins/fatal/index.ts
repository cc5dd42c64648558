import { type DeviceEvent, LogicServer, OnEvent, type Turn } from 'signalbox/plugin';

/** Answers each event, and ends the process that it runs in for one of them, as the system does when memory has run out. */
@LogicServer({ name: 'fatal', version: '1.0.0', grants: { command: [{ device: '#', names: ['done'] }] } })
export default class Fatal {
  @OnEvent('devices/+/events/fine')
  fine({ device }: DeviceEvent<unknown>, turn: Turn) {
    turn.command(device, 'done');
  }

  @OnEvent('devices/+/events/fatal')
  end() {
    process.kill(process.pid, 'SIGKILL');
  }
}

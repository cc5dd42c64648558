import { type DeviceEvent, LogicServer, OnEvent, type Turn } from 'signalbox/plugin';

/** What it asks for, set by the test that starts it. */
export const asking: { ask: (turn: Turn) => void } = { ask: () => {} };

/** Has no grants. */
@LogicServer({ name: 'asking', version: '1.0.0' })
export default class Asking {
  @OnEvent('devices/+/events/reading')
  handle(_: DeviceEvent<unknown>, turn: Turn) {
    asking.ask(turn);
  }
}

import { IsOptional, Max } from 'class-validator';
import {
  type DeviceEvent,
  LogicServer,
  OnEvent,
  OnOutbox,
  OnTimer,
  type OutboxItem,
  type Timer,
  type Turn,
} from 'signalbox/plugin';

interface Script {
  made: () => void;
  handle: (event: DeviceEvent<{ value: number }>, turn: Turn) => unknown;
  ring: (timer: Timer, turn: Turn) => unknown;
  mail: (item: OutboxItem) => unknown;
}

const IDLE: Readonly<Script> = { made: () => {}, handle: () => {}, ring: () => {}, mail: () => {} };

/** What the candidate version does, set by the test that starts it. */
export const candidate: Script = { ...IDLE };

export function resetCandidate(): void {
  Object.assign(candidate, IDLE);
}

class Settings {
  @IsOptional()
  @Max(10, { message: 'A number up to 10 is allowed.' })
  most = 5;
}

/** A version of the plugin `scripted` that is to take its place one day. */
@LogicServer({
  name: 'scripted',
  version: '2.0.0',
  config: Settings,
  grants: { command: [{ device: '#', names: ['*'] }], publish: ['#'] },
})
export default class Candidate {
  constructor(readonly settings: Settings) {
    candidate.made();
  }

  @OnEvent('devices/+/events/reading')
  handle(event: DeviceEvent<unknown>, turn: Turn): unknown {
    return candidate.handle(event as DeviceEvent<{ value: number }>, turn);
  }

  @OnTimer('tick')
  ring(timer: Timer, turn: Turn): unknown {
    return candidate.ring(timer, turn);
  }

  @OnOutbox('mail')
  mail(item: OutboxItem): unknown {
    return candidate.mail(item);
  }
}

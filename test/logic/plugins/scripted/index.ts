import { IsInt, IsNumber, IsOptional, Max } from 'class-validator';
import { NEVER, type Observable } from 'rxjs';
import {
  type CommandOutcome,
  type DeviceEvent,
  type Emission,
  type LogicClock,
  LogicServer,
  OnEvent,
  OnOutbox,
  OnOutcome,
  OnTimer,
  type OutboxItem,
  Pipeline,
  type Timer,
  type Turn,
} from 'signalbox/plugin';

export class Reading {
  @IsNumber()
  value!: number;
}

export class Settings {
  @IsOptional()
  @IsInt()
  @Max(10, { message: 'A whole number up to 10 is allowed.' })
  most = 5;
}

type Handle = (event: DeviceEvent<Reading>, turn: Turn) => unknown;
type Flow = (events$: Observable<DeviceEvent<Reading>>, clock: LogicClock) => Observable<Emission>;

interface Script {
  handle: Handle;
  flow: Flow;
  ring: (timer: Timer, turn: Turn) => unknown;
  hear: (outcome: CommandOutcome, turn: Turn) => unknown;
  mail: (item: OutboxItem, turn: Turn) => unknown;
  settings: Settings | undefined;
}

/** What the plugin does when no test says otherwise. */
export const IDLE: Readonly<Script> = {
  handle: () => {},
  flow: () => NEVER,
  ring: () => {},
  hear: () => {},
  mail: () => {},
  settings: undefined,
};

/** What the plugin does, set by the test that starts it. */
export const script: Script = { ...IDLE };

@LogicServer({
  name: 'scripted',
  version: '1.2.3',
  config: Settings,
  grants: {
    command: [
      { device: 'limited', names: ['go'], rate: '2/m' },
      { device: '#', names: ['*'] },
    ],
    jobs: [{ devices: 'fan-*', names: ['go'], rate: '20/s' }],
    publish: ['#'],
  },
})
export default class Scripted {
  constructor(settings: Settings) {
    script.settings = settings;
  }

  @OnEvent('devices/+/events/reading', Reading)
  handle(event: DeviceEvent<Reading>, turn: Turn): unknown {
    return script.handle(event, turn);
  }

  @OnTimer('tick')
  ring(timer: Timer, turn: Turn): unknown {
    return script.ring(timer, turn);
  }

  @OnOutcome('go')
  hear(outcome: CommandOutcome, turn: Turn): unknown {
    return script.hear(outcome, turn);
  }

  @OnOutbox('mail')
  mail(item: OutboxItem, turn: Turn): unknown {
    return script.mail(item, turn);
  }

  @Pipeline('devices/+/events/flowing', Reading)
  flow(events$: Observable<DeviceEvent<Reading>>, clock: LogicClock): Observable<Emission> {
    return script.flow(events$, clock);
  }
}

import { Module } from '@nestjs/common';
import { IsNumber, Max } from 'class-validator';
import { debounceTime, filter, interval, map, type Observable } from 'rxjs';
import {
  type CommandOutcome,
  command,
  type DeviceEvent,
  type Emission,
  type LogicClock,
  LogicServer,
  message,
  OnEvent,
  OnOutbox,
  OnOutcome,
  OnTimer,
  type OutboxItem,
  Pipeline,
  type Timer,
  type Turn,
} from 'signalbox/plugin';

export class Temperature {
  @IsNumber({}, { message: 'celsius must be a number' })
  celsius!: number;
}

export class CoolerConfig {
  @IsNumber()
  @Max(100, { message: 'A number up to 100 is allowed.' })
  limit = 30;
}

/** Switches a fan on, off again after a while, and tells how its commands ended. */
@LogicServer({
  name: 'cooler',
  version: '1.0.0',
  config: CoolerConfig,
  grants: { command: [{ device: '#', names: ['fan.set'] }], publish: ['told/#'] },
})
export class Cooler {
  constructor(private readonly config: CoolerConfig) {}

  @OnEvent('devices/+/events/temperature', Temperature)
  cool({ device, data }: DeviceEvent<Temperature>, turn: Turn) {
    if (data.celsius < this.config.limit) return turn.skip('below the limit');
    turn.command(device, 'fan.set', { on: true }, { ttl: '10m', ack: 'result' });
    turn.timers.set('fan-off', '15m');
    turn.state.for(device).set('cooling', true);
    turn.log.info({ celsius: data.celsius }, 'It is warm.');
  }

  @OnTimer('fan-off')
  off({ key }: Timer, turn: Turn) {
    turn.command(key, 'fan.set', { on: false }, { ack: 'result' });
    turn.state.for(key).delete('cooling');
  }

  @OnOutcome('fan.set')
  told({ device, state }: CommandOutcome, turn: Turn) {
    turn.publish(`told/${device}`, { state });
  }

  @OnEvent('devices/+/events/$presence')
  async presence({ device, data }: DeviceEvent<unknown>, turn: Turn) {
    turn.state.global.set(device, (data as { presence: string }).presence);
  }
}

@Module({ providers: [Cooler] })
export class CoolerModule {}

/** What the handlers of `Moody` do; a test says it. */
export interface Moods {
  act: (turn: Turn, device: string) => unknown;
  send: (item: OutboxItem) => unknown;
  begin: () => unknown;
}

export const CALM: Moods = { act: () => {}, send: () => {}, begin: () => {} };
export const moods: Moods = { ...CALM };

/** Does what the test says, also when it is made. */
@LogicServer({ name: 'moody', version: '1.0.0', grants: { command: [{ device: '#', names: ['act'] }] } })
export class Moody {
  onModuleInit() {
    return moods.begin();
  }

  @OnEvent('devices/+/events/act')
  act({ device }: DeviceEvent<unknown>, turn: Turn) {
    return moods.act(turn, device);
  }

  @OnTimer('later')
  later({ key }: Timer, turn: Turn) {
    return moods.act(turn, key);
  }

  @OnOutbox('outside')
  outside(item: OutboxItem) {
    return moods.send(item);
  }
}

/** Tells when a device has been quiet for a minute, by the hub's clock and by RxJS's own. */
@LogicServer({
  name: 'quiet',
  version: '1.0.0',
  grants: { command: [{ device: '#', names: ['wake'], rate: '1/h' }], publish: ['quiet'] },
})
export class Quiet {
  @Pipeline('devices/+/events/beat')
  quiet(events$: Observable<DeviceEvent<unknown>>, clock: LogicClock): Observable<Emission> {
    return events$.pipe(
      debounceTime(60_000, clock),
      map(({ device }) => command(device, 'wake')),
    );
  }

  @Pipeline('devices/+/events/temperature', Temperature)
  careless(events$: Observable<DeviceEvent<Temperature>>): Observable<Emission> {
    return events$.pipe(
      filter(({ data }) => data.celsius > 30),
      debounceTime(60_000),
      map(({ device, data }) => message(device === 'rogue' ? 'secret' : 'quiet', data.celsius)),
    );
  }
}

/** Tells every eight hours that it is there. */
@LogicServer({ name: 'ticking', version: '1.0.0', grants: { publish: ['tick'] } })
export class Ticking {
  @Pipeline('devices/+/events/x')
  tick(_: Observable<DeviceEvent<unknown>>, clock: LogicClock): Observable<Emission> {
    return interval(28_800_000, clock).pipe(map(() => message('tick', 0)));
  }
}

/** Cannot be made. */
@LogicServer({ name: 'broken', version: '1.0.0' })
export class Broken {
  constructor() {
    throw new Error('the lamp is out');
  }

  @OnEvent('devices/+/events/x')
  handle() {}
}

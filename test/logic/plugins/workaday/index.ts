import { IsNumber, IsOptional, IsString } from 'class-validator';
import { concatMap, map, type Observable, of } from 'rxjs';
import {
  type CommandOutcome,
  command,
  type DeviceEvent,
  type Emission,
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

class Reading {
  @IsNumber()
  value!: number;
}

class Settings {
  @IsOptional()
  @IsString()
  greeting = 'hello';
}

/** Does what a plugin may do, one thing an event type, to be run in a worker. */
@LogicServer({
  name: 'workaday',
  version: '2.0.0',
  config: Settings,
  grants: {
    command: [
      { device: 'limited', names: ['go'], rate: '2/h' },
      { device: '#', names: ['go', 'told'] },
    ],
    publish: ['notes', 'devices/#'],
  },
  run: { isolation: 'worker', retry: { times: 0 } },
})
export default class Workaday {
  constructor(private readonly settings: Settings) {}

  @OnEvent('devices/+/events/reading', Reading)
  async count({ device, data, position }: DeviceEvent<Reading>, turn: Turn) {
    const kept = turn.state.for(device);
    const sum = ((await kept.get<number>('sum')) ?? 0) + data.value;
    kept.set('sum', sum);
    kept.set(`seen/${data.value}`, data instanceof Reading);
    const seen = (await kept.list('seen/')).map(({ name }) => name);
    turn.command(device, 'go', { sum, seen, greeting: this.settings.greeting }, { ttl: '10m', key: 'sum' });
    turn.publish('notes', Buffer.from([0, 255, 10]), { contentType: 'x/bytes' });
    turn.log.info({ sum, at: position, error: new Error('shown') }, 'It was counted.');
  }

  @OnEvent('devices/+/events/skip')
  pass({ device }: DeviceEvent<unknown>, turn: Turn) {
    turn.command(device, 'go');
    turn.skip('nothing to do');
  }

  @OnEvent('devices/+/events/gap')
  tell(_: DeviceEvent<unknown>, turn: Turn) {
    turn.publish('notes', { lost: turn.lost });
  }

  @OnEvent('devices/+/events/later')
  later({ device }: DeviceEvent<unknown>, turn: Turn) {
    turn.timers.set('tick', '1s', device, { data: { of: device } });
    turn.outbox.put('mail', { to: device });
  }

  @OnEvent('devices/+/events/refused')
  ask({ device }: DeviceEvent<unknown>, turn: Turn) {
    try {
      turn.command(device, 'never');
    } catch (error) {
      turn.publish('notes', (error as { code: string }).code);
    }
  }

  @OnEvent('devices/+/events/thrown')
  fail({ data }: DeviceEvent<unknown>) {
    throw new RangeError(`cannot do ${JSON.stringify(data)}`);
  }

  @OnTimer('tick')
  ring({ key, data }: Timer, turn: Turn) {
    turn.command(key, 'told', { timer: data });
  }

  @OnOutbox('mail')
  async mail({ data, attempt }: OutboxItem, turn: Turn) {
    turn.publish('notes', { mailed: data, attempt });
  }

  @OnOutcome('go')
  hear({ device, state }: CommandOutcome, turn: Turn) {
    turn.command(device, 'told', { state });
  }

  @Pipeline('devices/+/events/flowing', Reading)
  flow(events$: Observable<DeviceEvent<Reading>>): Observable<Emission> {
    return events$.pipe(
      map(({ device, data }) => [command(device, 'go', data.value), message('notes', data.value)]),
      concatMap((emissions) => of(...emissions)),
    );
  }
}

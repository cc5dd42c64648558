import { afterEach, describe, expect, it } from '@jest/globals';
import {
  concatMap,
  delay,
  map,
  merge,
  mergeMap,
  NEVER,
  type Observable,
  of,
  range,
  repeat,
  take,
  tap,
  throwError,
  timer,
} from 'rxjs';
import { formatPosition } from '../../src/engine/position.js';
import { type Cause, causeOf } from '../../src/logic/cause.js';
import { command, type Emission, message } from '../../src/plugin/index.js';
import { eventually } from '../support/eventually.js';
import { script } from './plugins/scripted/index.js';
import { type LogicUnderTest, startLogic, stopLogic } from './support/started-logic.js';

afterEach(stopLogic);

/** Of the messages on a channel, in order; a device's own has none. */
function causesIn(logic: LogicUnderTest, channel: string): Partial<Cause>[] {
  return logic.messages(channel).map(({ cause }) => causeOf(cause) ?? { depth: 0 });
}

async function flow(logic: LogicUnderTest, ...values: number[]): Promise<void> {
  for (const value of values) logic.post('a', 'flowing', { value });
  await logic.idle();
}

describe('A pipeline', () => {
  it('turns a stream of events into commands and messages, each done as it comes', async () => {
    script.flow = (events$) =>
      events$.pipe(
        mergeMap(({ device, data }) => [
          command(device, 'set', data.value),
          message('seen', `${device} ${data.value}`),
        ]),
      );
    const logic = await startLogic();
    await flow(logic, 1, 2);
    expect(logic.commands('a')).toEqual(['set 1', 'set 2']);
    expect(logic.messages('seen').map(({ body }) => body.toString())).toEqual(['a 1', 'a 2']);
    expect(logic.status().counters).toMatchObject({ events: 2, commands: 2, messages: 2, failed: 0, turns: 0 });
  });

  it('names the event that it is given with what it gives out, and none once an operator has waited', async () => {
    script.flow = (events$, clock) =>
      events$.pipe(
        mergeMap(({ data }) =>
          merge(of(message('at once', data.value)), of(message('later', data.value)).pipe(delay(5_000, clock))),
        ),
      );
    const logic = await startLogic();
    await flow(logic, 1);
    logic.clock.advance(6_000);
    const [given] = logic.messages('devices/a/events/flowing');
    const event = `event devices/a/events/flowing ${formatPosition(given?.position ?? 0)}`;
    const from = { plugin: 'scripted', version: '1.2.3', handler: 'scripted.flow', by: 'pipeline' };
    expect(causesIn(logic, 'at once')).toEqual([{ ...from, given: event, depth: 1 }]);
    expect(causesIn(logic, 'later')).toEqual([{ ...from, depth: 1 }]);
  });

  it('that answers itself, or a handler, without end is refused what the 17th in a row gives out', async () => {
    script.flow = (events$) =>
      events$.pipe(map(({ device, data }) => message(`devices/${device}/events/reading`, { value: data.value + 1 })));
    script.handle = ({ device, data }, turn) => {
      turn.publish(`devices/${device}/events/flowing`, { value: data.value + 1 });
    };
    const logic = await startLogic();
    await flow(logic, 0);
    await eventually('the loop has ended', () => logic.status().counters.failed === 1);
    expect(causesIn(logic, 'devices/a/events/flowing').map(({ depth }) => depth)).toEqual([
      0, 2, 4, 6, 8, 10, 12, 14, 16,
    ]);
    expect(logic.log.at('warn')[0]?.sentence).toMatch(
      /^scripted\.flow gave out what could not be done: scripted\.flow is turn 17 in a row that caused each other/,
    );
  });

  it('does not get what does not fit its class', async () => {
    script.flow = (events$) => events$.pipe(map(({ device, data }) => command(device, 'set', data.value)));
    const logic = await startLogic();
    logic.post('a', 'flowing', { value: 'x' });
    await flow(logic, 1);
    expect(logic.commands('a')).toEqual(['set 1']);
    expect(logic.status().counters.invalid).toBe(1);
  });

  it('that fails is started again after a pause, each longer than the one before', async () => {
    let starts = 0;
    script.flow = (events$) => {
      starts++;
      return events$.pipe(
        map(({ device, data }) => {
          if (data.value === 13) throw new Error('unlucky');
          return command(device, 'set', data.value);
        }),
      );
    };
    const logic = await startLogic();
    await flow(logic, 1, 13, 2);
    expect(logic.commands('a')).toEqual(['set 1']);
    expect(logic.status().counters).toMatchObject({ failed: 1, dropped: 1 });
    expect(logic.log.at('warn')[0]?.sentence).toBe('scripted.flow failed, and is started again in 1 s: unlucky');
    logic.clock.advance(3_000);
    await flow(logic, 3, 13);
    expect(logic.log.at('warn')[1]?.sentence).toContain('started again in 2 s');
    logic.clock.advance(1_000);
    expect(starts).toBe(2);
    logic.clock.advance(3_000);
    await flow(logic, 4);
    expect([starts, logic.commands('a')]).toEqual([3, ['set 1', 'set 3', 'set 4']]);
  });

  it('that ran well for long begins with the shortest pause again', async () => {
    script.flow = (events$) => events$.pipe(mergeMap(() => throwError(() => new Error('broken'))));
    const logic = await startLogic();
    await flow(logic, 1);
    logic.clock.advance(3_000);
    await flow(logic, 1);
    logic.clock.advance(120_000);
    await flow(logic, 1);
    expect(logic.log.at('warn').map(({ sentence }) => /again in (\d+) s/.exec(sentence)?.[1])).toEqual(['1', '2', '1']);
  });

  it.each<[string, () => Observable<Emission>, string]>([
    [
      'throws when it is called',
      () => {
        throw new Error('no sensors');
      },
      'no sensors',
    ],
    ['returns no stream', () => 5 as unknown as Observable<Emission>, 'it returned no Observable'],
    ['fails at once', () => throwError(() => new Error('no sensors')), 'no sensors'],
  ])('that %s is told, tried again, and harms no handler', async (_, open, sentence) => {
    script.flow = open;
    const handled: number[] = [];
    script.handle = ({ data }) => handled.push(data.value);
    const logic = await startLogic();
    logic.post('a', 'reading', { value: 1 });
    await logic.idle();
    expect(handled).toEqual([1]);
    expect(logic.status().state).toBe('running');
    expect(logic.log.at('warn')[0]?.sentence).toContain(sentence);
    script.flow = (events$) => events$.pipe(map(({ device }) => command(device, 'well')));
    logic.clock.advance(3_000);
    await flow(logic, 1);
    expect(logic.commands('a')).toEqual(['well {}']);
  });

  it('that completes gets no more events, and is not started again', async () => {
    let starts = 0;
    script.flow = (events$) => {
      starts++;
      return events$.pipe(
        take(1),
        map(({ device }) => command(device, 'once')),
      );
    };
    const logic = await startLogic();
    await flow(logic, 1);
    logic.clock.advance(120_000);
    await flow(logic, 2);
    expect([starts, logic.commands('a'), logic.status().counters.events]).toEqual([1, ['once {}'], 1]);
    expect(logic.log.at('info').map(({ sentence }) => sentence)).toContain(
      'scripted.flow has completed; it gets no more events.',
    );
  });

  it('that never gives out anything, and never ends, is left alone', async () => {
    script.flow = (events$) => events$.pipe(concatMap(() => NEVER));
    const logic = await startLogic();
    await flow(logic, 1, 2, 3);
    expect(logic.status()).toMatchObject({ state: 'running', counters: { failed: 0, commands: 0 } });
  });

  it.each<[string, () => Observable<Emission>]>([
    ['for an event', () => of(message('flood', 'x')).pipe(repeat())],
    [
      'from a timer',
      () =>
        timer(0).pipe(
          mergeMap(() => range(0, 1e9)),
          map(() => message('flood', 'x')),
        ),
    ],
  ])('that gives out without end %s is failed at its limit', async (_, flood) => {
    script.flow = (events$) => events$.pipe(mergeMap(flood));
    const logic = await startLogic({ limits: { maxEmissionsAtOnce: 20 } });
    await flow(logic, 1);
    await eventually('it has failed', () => logic.status().counters.failed === 1);
    expect(logic.status().counters.messages).toBe(20);
    expect(logic.log.at('warn')[0]?.sentence).toMatch(/it gave out more than 20 commands and messages at once$/);
  });

  it('may give out as much for every event as its limit allows', async () => {
    script.flow = (events$) => events$.pipe(mergeMap(() => range(0, 20).pipe(map(() => message('many', 'x')))));
    const logic = await startLogic({ limits: { maxEmissionsAtOnce: 20 } });
    await flow(logic, 1, 2, 3);
    expect(logic.status().counters).toMatchObject({ messages: 60, failed: 0 });
  });

  it.each([
    ['nothing that can be done', { kind: 'explode' }],
    ['nothing', undefined],
    ['a command for no device', command('no device', 'x')],
  ])('that gives out %s goes on with the next', async (_, wrong) => {
    script.flow = (events$) =>
      events$.pipe(map(({ device, data }) => (data.value === 1 ? (wrong as Emission) : command(device, 'set'))));
    const logic = await startLogic();
    await flow(logic, 1, 2);
    expect(logic.commands('a')).toEqual(['set {}']);
    expect(logic.status().counters).toMatchObject({ failed: 1, commands: 1 });
  });

  it('is ended when the hub stops', async () => {
    let isEnded = false;
    script.flow = (events$) =>
      events$.pipe(
        tap({
          unsubscribe: () => {
            isEnded = true;
          },
        }),
        mergeMap(() => NEVER),
      );
    const logic = await startLogic();
    await logic.logic.stop(0);
    expect(isEnded).toBe(true);
  });
});

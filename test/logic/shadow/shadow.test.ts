import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { ShadowDifference, ShadowReport } from '../../../src/logic/plugin-status.js';
import { CURSORS, STATE, TIMERS } from '../../../src/logic/store/tables.js';
import { eventually } from '../../support/eventually.js';
import { candidate, resetCandidate } from '../plugins/candidate/index.js';
import { script } from '../plugins/scripted/index.js';
import { type LogicUnderTest, PLUGIN_FOLDER, startLogic, stopLogic } from '../support/started-logic.js';

afterEach(async () => {
  await stopLogic();
  resetCandidate();
});

const SHADOW = { from: join(PLUGIN_FOLDER, 'candidate'), config: {} };

/** The plugin `scripted` with its candidate version, which runs. */
async function start(after?: LogicUnderTest, shadow = SHADOW): Promise<LogicUnderTest> {
  const logic = await startLogic({ plugins: { scripted: { shadow } }, ...(after && { after }) });
  await eventually('the candidate runs, or has failed', () => report(logic).status.state !== 'starting');
  return logic;
}

const report = (logic: LogicUnderTest, plugin = 'scripted'): ShadowReport => logic.logic.shadow(plugin);

/** Waits until both versions are done with all events, and what waits for its like has waited long enough. */
async function compared(logic: LogicUnderTest, plugin = 'scripted'): Promise<ShadowReport> {
  await logic.idle(plugin);
  await eventually('the candidate is done with all events', () => {
    const { queued, behind, lagMs } = report(logic, plugin).status;
    return queued === 0 && behind === 0 && lagMs === 0;
  });
  logic.clock.advance(12_000);
  return report(logic, plugin);
}

const told = ({ is, device, name, live, shadow }: ShadowDifference) =>
  [is, device, name, JSON.stringify(live?.params), JSON.stringify(shadow?.params)].join(' ');

describe('A shadow', () => {
  it('sees what its plugin sees, and sends nothing', async () => {
    const logic = await start();
    const seen: number[] = [];
    script.handle = ({ device }, turn) => turn.command(device, 'go');
    candidate.handle = ({ device, data }, turn) => {
      seen.push(data.value);
      turn.command(device, 'go');
      turn.publish('news', 'hot');
      turn.outbox.put('mail', 'x');
    };
    const mails: unknown[] = [];
    candidate.mail = (item) => mails.push(item);
    logic.post('d', 'reading', { value: 1 });
    logic.post('d', 'reading', { value: 2 });
    const { status, differences } = await compared(logic);
    expect(seen).toEqual([1, 2]);
    expect(logic.commands('d')).toEqual(['go {}', 'go {}']);
    expect([logic.messages('news'), mails, differences]).toEqual([[], [], []]);
    expect(status).toMatchObject({
      state: 'running',
      version: '2.0.0',
      reason: undefined,
      counters: { events: 2, turns: 2 },
      compared: { live: 2, shadow: 2, same: 2, missing: 0, extra: 0, messages: 2, outboxItems: 2 },
    });
    expect(logic.status().shadow).toEqual(status);
  });

  it('tells what it does otherwise, with the event', async () => {
    const logic = await start();
    script.handle = ({ device, data }, turn) => {
      if (data.value < 3) turn.command(device, 'dim', data.value);
    };
    candidate.handle = ({ device, data }, turn) => {
      if (data.value > 1) turn.command(device, 'dim', data.value * 10);
    };
    logic.post('a', 'reading', { value: 1 });
    logic.post('b', 'reading', { value: 2 });
    logic.post('c', 'reading', { value: 3 });
    const { status, differences } = await compared(logic);
    expect(differences.map(told).sort()).toEqual(['changed b dim 2 20', 'extra c dim  30', 'missing a dim 1 ']);
    expect(status.compared).toMatchObject({ live: 2, shadow: 2, same: 0, missing: 1, extra: 1, changed: 1 });
    const by = `event devices/b/events/reading ${logic.startSecond}:0`;
    expect(differences.find(({ is }) => is === 'changed')).toMatchObject({
      live: { by, handler: 'scripted.handle' },
      shadow: { by, handler: 'scripted.handle' },
    });
  });

  it('runs in a worker where the configuration has its plugin do so', async () => {
    candidate.made = () => {
      throw new Error("This is the hub's thread.");
    };
    const logic = await startLogic({ plugins: { scripted: { isolation: 'worker', shadow: SHADOW } } });
    await eventually('the candidate runs, or has failed', () => report(logic).status.state !== 'starting');
    logic.post('d', 'reading', { value: 1 });
    await eventually('the candidate has had its turn', () => report(logic).status.counters.turns === 1);
    const { status } = await compared(logic);
    expect(status).toMatchObject({ state: 'running', reason: undefined, counters: { events: 1, turns: 1, failed: 0 } });
    expect(status).toMatchObject({ isolation: 'worker', worker: { restarts: 0 } });
  });

  it('in a worker sends nothing, and is compared as well', async () => {
    const shadow = { from: join(PLUGIN_FOLDER, 'workaday'), config: { greeting: 'good day' } };
    const logic = await startLogic({ plugins: { workaday: { shadow } } });
    await eventually('the candidate runs', () => report(logic, 'workaday').status.state === 'running');
    logic.post('d', 'reading', { value: 1 });
    await eventually('the candidate has had its turn', () => report(logic, 'workaday').status.counters.turns === 1);
    const { differences } = await compared(logic, 'workaday');
    const said = (greeting: string) => JSON.stringify({ sum: 1, seen: ['seen/1'], greeting });
    expect(logic.commands('d')).toEqual([`go ${said('hello')}`]);
    expect(differences.map(told)).toEqual([`changed d go ${said('hello')} ${said('good day')}`]);
  });

  it('keeps its state and its timers apart from those of its plugin, over restarts', async () => {
    const before = await start();
    const count = (
      of: {
        state: { global: { get<T>(name: string): Promise<T | undefined>; set(name: string, value: unknown): void } };
      },
      step: number,
    ) => of.state.global.get<number>('n').then((n = 0) => of.state.global.set('n', n + step));
    script.handle = (_, turn) => count(turn, 1);
    candidate.handle = async (_, turn) => {
      await count(turn, 10);
      turn.timers.set('tick', '1m', 'k');
    };
    before.post('d', 'reading', { value: 1 });
    await compared(before);
    await before.logic.stop(0);
    const logic = await start(before);
    const rung: string[] = [];
    candidate.ring = ({ key }) => rung.push(key);
    logic.post('d', 'reading', { value: 2 });
    await compared(logic);
    const kept = logic.engine.kept.table(STATE).range({ limit: 10 });
    expect(kept.map(({ key, value }) => `${key} ${value}`)).toEqual(['scripted/g/n 2', 'scripted@shadow/g/n 20']);
    logic.clock.advance(120_000);
    await eventually('its timer has come', () => rung.length === 1);
  });

  it('gets what came while the hub was down', async () => {
    const before = await start();
    before.post('d', 'reading', { value: 1 });
    await compared(before);
    await before.logic.stop(0);
    const seen: number[] = [];
    candidate.handle = ({ data }) => seen.push(data.value);
    const down = await startLogic({
      plugins: { scripted: { shadow: { ...SHADOW, from: '/no/such' } } },
      after: before,
    });
    down.post('d', 'reading', { value: 2 });
    await down.logic.stop(0);
    const logic = await start(down);
    await eventually('it has the event', () => seen.length === 1);
    expect(seen).toEqual([2]);
    expect(logic.status().state).toBe('running');
  });

  it.each([
    [
      'throws',
      () => {
        throw new Error('not today');
      },
    ],
    ['rejects', () => Promise.reject(new Error('not today'))],
    ['never ends', () => new Promise(() => {})],
    [
      'has an effect that is refused',
      (_: unknown, turn: { command(device: string, name: string): void }) => turn.command('?', 'go'),
    ],
  ] as const)('harms nothing when it %s', async (_, handle) => {
    const logic = await start();
    script.handle = ({ device }, turn) => turn.command(device, 'go');
    candidate.handle = handle as typeof candidate.handle;
    for (const value of [1, 2, 3]) logic.post('d', 'reading', { value });
    await logic.idle();
    expect(logic.commands('d')).toHaveLength(3);
    expect(logic.status().counters).toMatchObject({ turns: 3, failed: 0 });
    for (let i = 0; i < 60; i++) logic.clock.advance(1_000);
    await eventually('its turn has failed', () => report(logic).status.counters.failed > 0);
    expect(logic.status()).toMatchObject({ state: 'running', counters: { failed: 0 } });
  });

  it.each([
    ['is not there', { from: '/no/such/folder', config: {} }, 'There is no folder /no/such/folder.'],
    [
      'does not take its settings',
      { ...SHADOW, config: { most: 11 } },
      'It does not take the setting most. A number up to 10 is allowed.',
    ],
    [
      'does not know a setting',
      { ...SHADOW, config: { least: 1 } },
      'It does not take the setting least. There is no such setting.',
    ],
  ])('harms nothing when it %s', async (_, shadow, reason) => {
    const logic = await start(undefined, shadow);
    script.handle = ({ device }, turn) => turn.command(device, 'go');
    logic.post('d', 'reading', { value: 1 });
    await logic.idle();
    expect(logic.commands('d')).toEqual(['go {}']);
    expect(report(logic).status).toMatchObject({ state: 'failed', reason });
  });

  it('that cannot be made has failed, and keeps no event of the journal', async () => {
    candidate.made = () => {
      throw new Error('no database');
    };
    const logic = await start();
    expect(report(logic).status).toMatchObject({ state: 'failed', reason: 'no database' });
    logic.clock.advance(1_000);
    for (let value = 0; value < 50; value++) logic.post('d', 'reading', { value });
    await logic.idle();
    logic.clock.advance(2_000);
    // Those of the device, and the last entry, for the numbers of those to come.
    expect(logic.engine.messages.stats().messages).toBe(51);
    expect(logic.status()).toMatchObject({ behind: 0, lagMs: 0 });
  });

  it('is forgotten with all that it kept when the configuration has it no more', async () => {
    const before = await start();
    candidate.handle = (_, turn) => {
      turn.state.global.set('n', 1);
      turn.timers.set('tick', '1h', 'k');
    };
    before.post('d', 'reading', { value: 1 });
    await compared(before);
    await before.logic.stop(0);
    const logic = await startLogic({ after: before });
    const keys = [CURSORS, STATE, TIMERS].flatMap((table) =>
      logic.engine.kept
        .table(table)
        .range({ limit: 10 })
        .map(({ key }) => key),
    );
    expect(keys).toEqual(['scripted']);
    expect(() => logic.logic.shadow('scripted')).toThrow(
      'The plugin "scripted" has no shadow (plugins.scripted.shadow).',
    );
    expect(logic.status().shadow).toBeUndefined();
  });

  it('has dead letters of its own', async () => {
    const logic = await start();
    candidate.handle = () => {
      throw new Error('not today');
    };
    logic.post('d', 'reading', { value: 1 });
    await eventually('it is given up', () => {
      logic.clock.advance(1_000);
      return report(logic).status.counters.buried === 1;
    });
    expect(await logic.logic.deadLetters('scripted@shadow', '', 10)).toMatchObject([
      { error: 'not today', version: '2.0.0' },
    ]);
    expect(await logic.logic.deadLetters('scripted', '', 10)).toEqual([]);
  });
});

import { afterEach, describe, expect, it } from '@jest/globals';
import { eventually } from '../support/eventually.js';
import { script } from './plugins/scripted/index.js';
import { startLogic, stopLogic } from './support/started-logic.js';

afterEach(stopLogic);

describe('What came while a plugin was away', () => {
  it('is brought to it afterwards, in order, and each event once', async () => {
    const first = await startLogic();
    const read: number[] = [];
    script.handle = ({ data }, turn) => {
      read.push(data.value);
      turn.command('fan-1', 'go', data.value);
    };
    first.post('fan-1', 'reading', { value: 1 });
    await first.idle();
    await first.logic.stop(1_000);
    for (const value of [2, 3, 4]) first.post('fan-1', 'reading', { value });
    const second = await startLogic({ after: first });
    await second.idle();
    expect(read).toEqual([1, 2, 3, 4]);
    expect(second.commands('fan-1')).toEqual(['go 1', 'go 2', 'go 3', 'go 4']);
    expect(second.status().counters).toMatchObject({ events: 3, turns: 3, lost: 0 });
  });

  it('tells the same of an event as when it came live: its place, its time, its type', async () => {
    const first = await startLogic();
    const seen: unknown[] = [];
    script.handle = ({ device, type, channel, position, publishedAt }) => {
      seen.push([device, type, channel, position, publishedAt]);
      if (seen.length === 1) throw new Error('once more, later');
    };
    first.post('fan-1', 'reading', { value: 1 });
    await eventually('it was read', () => seen.length === 1);
    await first.logic.stop(0);
    first.clock.advance(60_000);
    const second = await startLogic({ after: first });
    await second.idle();
    expect(seen).toHaveLength(2);
    expect(seen[1]).toEqual(seen[0]);
  });

  it('does not come when it is switched off meanwhile: it begins at the present', async () => {
    const first = await startLogic();
    await first.logic.stop(1_000);
    const off = await startLogic({ after: first, plugins: { scripted: { enabled: false } } });
    await off.logic.stop(1_000);
    const read: number[] = [];
    script.handle = ({ data }) => read.push(data.value);
    first.post('fan-1', 'reading', { value: 1 });
    const third = await startLogic({ after: first });
    third.post('fan-1', 'reading', { value: 2 });
    await third.idle();
    expect(read).toEqual([2]);
  });

  it('waits for a plugin that cannot be loaded until it is mended', async () => {
    const first = await startLogic();
    await first.logic.stop(1_000);
    const broken = await startLogic({ after: first, plugins: { scripted: { from: '/no/such/folder' } } });
    broken.post('fan-1', 'reading', { value: 5 });
    expect(broken.status()).toMatchObject({ state: 'failed', behind: 1 });
    await broken.logic.stop(1_000);
    const read: number[] = [];
    script.handle = ({ data }) => read.push(data.value);
    const mended = await startLogic({ after: broken });
    await mended.idle();
    expect(read).toEqual([5]);
  });

  it('is told as lost where the journal could not keep it all', async () => {
    const first = await startLogic({ journal: { maxEntries: 3 } });
    await first.logic.stop(1_000);
    for (let value = 0; value < 10; value++) first.post('fan-1', 'reading', { value });
    const read: [value: number, lost: number][] = [];
    script.handle = ({ data }, { lost }) => read.push([data.value, lost]);
    const second = await startLogic({ after: first, journal: { maxEntries: 3 } });
    await second.idle();
    expect(read).toEqual([
      [7, 7],
      [8, 0],
      [9, 0],
    ]);
    expect(second.status().counters.lost).toBe(7);
    expect(second.log.at('warn')[0]?.sentence).toMatch(/^Events lost: up to 7\. The journal dropped them/);
  });

  it('is told as lost when it is past the time that it is kept', async () => {
    const first = await startLogic({ journal: { timeoutMs: 60_000 } });
    await first.logic.stop(1_000);
    for (const value of [1, 2, 3]) first.post('fan-1', 'reading', { value });
    first.clock.advance(61_000);
    const second = await startLogic({ after: first, journal: { timeoutMs: 60_000 } });
    second.post('fan-1', 'reading', { value: 4 });
    await second.idle();
    // The last entry stays, for the numbers of those to come.
    expect(second.status().counters).toMatchObject({ lost: 2, turns: 2 });
  });
});

describe('The journal', () => {
  it('takes nothing that no enabled plugin wants', async () => {
    const logic = await startLogic();
    for (const type of ['reading', 'other', 'flowing']) logic.post('fan-1', type, { value: 1 });
    expect(logic.engine.messages.stats().messages).toBe(4);
    const off = await startLogic({ plugins: { scripted: { enabled: false } } });
    off.post('fan-1', 'reading', { value: 1 });
    expect(off.engine.messages.stats().messages).toBe(1);
  });

  it('is emptied of what all plugins are done with', async () => {
    const logic = await startLogic();
    for (let value = 0; value < 50; value++) logic.post(`d${value}`, 'reading', { value });
    await logic.idle();
    expect(logic.engine.messages.stats().messages).toBe(100);
    logic.clock.advance(1_000);
    expect(logic.engine.messages.stats().messages).toBe(51);
  });

  it('keeps what one plugin is not done with, however far the others are', async () => {
    const logic = await startLogic({ plugins: { scripted: {}, patterns: {} } });
    script.handle = () => new Promise(() => {});
    logic.post('fan-1', 'reading', { value: 1 });
    await eventually('the turn is open', () => logic.status().openTurns === 1);
    await logic.idle('patterns');
    logic.clock.advance(2_000);
    expect(logic.engine.messages.stats().messages).toBe(2);
    expect(logic.status()).toMatchObject({ lagMs: 2_000 });
    expect(logic.status('patterns')).toMatchObject({ lagMs: 0 });
  });
});

import { afterEach, describe, expect, it } from '@jest/globals';
import { eventually } from '../support/eventually.js';
import { script } from './plugins/scripted/index.js';
import { type LogicUnderTest, startLogic, stopLogic } from './support/started-logic.js';

afterEach(stopLogic);

function failAlways(): void {
  script.handle = () => {
    throw new Error('broken pump');
  };
}

async function letters(logic: LogicUnderTest) {
  return logic.logic.deadLetters('scripted', '', 1_000);
}

describe('A turn that failed', () => {
  it('is tried again after 1, 2 and 4 s, while others go on and those of its device wait', async () => {
    const logic = await startLogic();
    const calls: string[] = [];
    script.handle = ({ device, data }, turn) => {
      calls.push(`${logic.clock.uptime() / 1000} ${device} ${data.value} attempt ${turn.attempt}`);
      if (device === 'ill' && data.value === 1 && turn.attempt < 4) throw new Error('not yet');
    };
    for (const value of [1, 2]) logic.post('ill', 'reading', { value });
    logic.post('well', 'reading', { value: 1 });
    await eventually('the others went on', () => calls.length === 2);
    expect(logic.status()).toMatchObject({ queued: 2, retrying: 1 });
    await logic.idleInTime();
    expect(calls.slice(0, 2)).toEqual(['0 ill 1 attempt 1', '0 well 1 attempt 1']);
    const [second = 0, third = 0, fourth = 0] = calls.slice(2, 5).map((call) => Number(call.split(' ')[0]));
    // The wheel that deadlines are on turns once a second.
    expect(second).toBeGreaterThanOrEqual(1);
    expect(third - second).toBeGreaterThanOrEqual(2);
    expect(fourth - third).toBeGreaterThanOrEqual(4);
    expect(calls.at(-1)).toMatch(/ ill 2 attempt 1$/);
    expect(logic.status().counters).toMatchObject({ turns: 3, failed: 3, retries: 3, buried: 0 });
  });

  it('is among the dead letters after its last attempt, with all that is known of it', async () => {
    const logic = await startLogic();
    failAlways();
    logic.post('fan-1', 'reading', { value: 7 });
    await logic.idleInTime();
    const [letter] = await letters(logic);
    expect(letter).toEqual({
      ...{ id: expect.stringMatching(/^[0-9A-Z]{26}$/), at: expect.any(Number), handler: 'scripted.handle' },
      ...{ version: '1.2.3', kind: 'event', about: `event devices/fan-1/events/reading ${logic.startSecond}:0` },
      ...{ error: 'broken pump', attempts: 4, payload: '{"value":7}' },
    });
    expect(await logic.logic.deadLetter('scripted', letter?.id ?? '')).toEqual(letter);
  });

  it('is given up at once when what it asks for is refused whenever it is asked', async () => {
    const logic = await startLogic();
    script.handle = (_, turn) => turn.command('not a device', 'go');
    logic.post('fan-1', 'reading', { value: 7 });
    await logic.idle();
    expect(await letters(logic)).toMatchObject([{ attempts: 1, error: expect.stringContaining('is not a device id') }]);
  });
});

describe('A dead letter', () => {
  it('is driven again, with the effects of a turn, and is gone', async () => {
    const logic = await startLogic();
    failAlways();
    logic.post('fan-1', 'reading', { value: 7 });
    await logic.idleInTime();
    const [{ id } = { id: '' }] = await letters(logic);
    script.handle = ({ device, data }, turn) => turn.command(device, 'go', data.value);
    expect(await logic.logic.redrive('scripted', id)).toEqual({ isDone: true, error: undefined });
    expect(logic.commands('fan-1')).toEqual(['go 7']);
    expect(await letters(logic)).toEqual([]);
    expect(logic.status().deadLetters).toBe(0);
    await expect(logic.logic.redrive('scripted', id)).rejects.toMatchObject({ code: 'dead_letter_not_found' });
  });

  it('stays when it fails again, with its newest error and one attempt more', async () => {
    const logic = await startLogic();
    failAlways();
    logic.post('fan-1', 'reading', { value: 7 });
    await logic.idleInTime();
    const [{ id } = { id: '' }] = await letters(logic);
    script.handle = () => Promise.reject(new Error('still broken'));
    expect(await logic.logic.redrive('scripted', id)).toEqual({ isDone: false, error: 'still broken' });
    expect(await letters(logic)).toMatchObject([{ id, error: 'still broken', attempts: 5 }]);
  });

  it('outlives the hub, and is deleted', async () => {
    const first = await startLogic();
    failAlways();
    for (const value of [1, 2]) first.post('fan-1', 'reading', { value });
    await first.idleInTime();
    await first.logic.stop(1_000);
    const logic = await startLogic({ after: first });
    expect(logic.status().deadLetters).toBe(2);
    const [one, two] = await letters(logic);
    await logic.logic.deleteDeadLetter('scripted', one?.id ?? '');
    expect(await letters(logic)).toEqual([two]);
    expect(await logic.logic.deadLetters('scripted', two?.id ?? '', 10)).toEqual([]);
    await expect(logic.logic.deadLetter('scripted', 'x')).rejects.toMatchObject({ code: 'dead_letter_not_found' });
    await expect(logic.logic.deadLetters('nobody', '', 1)).rejects.toMatchObject({ code: 'plugin_not_found' });
  });
});

describe('A plugin that fails at everything', () => {
  it('is paused, tried every 30 s, and goes on once a turn succeeds', async () => {
    const logic = await startLogic();
    let isWell = false;
    let calls = 0;
    script.handle = () => {
      calls++;
      if (!isWell) throw new Error('no database');
    };
    for (let i = 0; i < 100; i++) logic.post(`d${i}`, 'reading', { value: i });
    await eventually('it is paused', () => logic.status().state === 'paused');
    expect(calls).toBe(20);
    expect(logic.status().reason).toBe('Everything fails, 20 turns in a row, the last one for: no database');
    logic.clock.advance(29_000);
    await eventually('retries are back', () => logic.status().retrying === 0);
    expect(calls).toBe(20);
    for (const tried of [21, 22]) {
      logic.clock.advance(32_000);
      await eventually('one was tried', () => calls === tried);
    }
    expect(logic.log.at('warn').map(({ sentence }) => sentence)).toContain(
      'The plugin is paused: 20 turns in a row have failed. One is tried every 30 s.',
    );
    isWell = true;
    await logic.idleInTime();
    const counters = expect.objectContaining({ turns: 100 });
    expect(logic.status()).toMatchObject({ state: 'running', reason: undefined, deadLetters: 0, counters });
  });

  it('is tried again also after a turn that could not be told to have succeeded', async () => {
    const logic = await startLogic();
    let isWell = false;
    let calls = 0;
    script.handle = ({ device }, turn) => {
      calls++;
      if (!isWell) throw new Error('no database');
      turn.command(device, 'go');
    };
    for (let i = 0; i < 20; i++) logic.post(`d${i}`, 'reading', { value: i });
    await eventually('it is paused', () => logic.status().state === 'paused');
    logic.clock.advance(29_000);
    await eventually('retries are back', () => logic.status().retrying === 0);
    isWell = true;
    logic.engine.failing = 'engine_unavailable';
    logic.clock.advance(3_000);
    await eventually('one was tried, and waits for the engine', () => calls === 21 && logic.status().retrying === 1);
    logic.engine.failing = undefined;
    await logic.idleInTime();
    expect(logic.status()).toMatchObject({ state: 'running', deadLetters: 0, counters: { turns: 20 } });
  });
});

describe('A turn whose engine is away', () => {
  it('waits for it, and is not counted against the plugin', async () => {
    const logic = await startLogic();
    script.handle = ({ device }, turn) => turn.command(device, 'go');
    logic.post('fan-1', 'reading', { value: 1 });
    logic.engine.failing = 'engine_unavailable';
    await eventually('it was tried', () => logic.status().retrying === 1);
    expect(logic.status().counters).toMatchObject({ failed: 0, buried: 0 });
    logic.engine.failing = undefined;
    await logic.idleInTime();
    expect(logic.commands('fan-1')).toEqual(['go {}']);
  });
});

import { afterEach, describe, expect, it } from '@jest/globals';
import { causeOf } from '../../../src/logic/cause.js';
import { eventually } from '../../support/eventually.js';
import { type LogicUnderTest, startLogic, stopLogic } from '../support/started-logic.js';

afterEach(stopLogic);

async function startWorkaday(config = {}): Promise<LogicUnderTest> {
  return startLogic({ plugins: { workaday: { config } } });
}

function notes(logic: LogicUnderTest): string[] {
  return logic.messages('notes').map(({ body }) => body.toString('latin1'));
}

describe('A turn in a worker', () => {
  it('reads and keeps state, commands, publishes bytes, and writes to the log', async () => {
    const logic = await startWorkaday({ greeting: 'good day' });
    logic.post('a', 'reading', { value: 1 });
    logic.post('a', 'reading', { value: 2 });
    await logic.idle('workaday');
    expect(logic.commands('a')).toContain('go {"sum":3,"seen":["seen/1","seen/2"],"greeting":"good day"}');
    expect(logic.messages('notes').map(({ body, contentType }) => [...body, contentType])).toEqual([
      [0, 255, 10, 'x/bytes'],
      [0, 255, 10, 'x/bytes'],
    ]);
    expect(logic.keptKeys()).toContain('plugin-state workaday/k/a/sum');
    expect(logic.log.at('info')).toContainEqual({
      level: 'info',
      facts: {
        ...{ sum: 3, at: expect.stringMatching(/:1$/), error: expect.objectContaining({ message: 'shown' }) },
        ...{ handler: 'workaday.count', device: 'a', plugin: 'workaday' },
      },
      sentence: 'It was counted.',
    });
  });

  it('is not done when it skips, and what it asked for is not either', async () => {
    const logic = await startWorkaday();
    logic.post('a', 'skip', {});
    await logic.idle('workaday');
    expect(logic.commands('a')).toEqual([]);
    expect(logic.status('workaday').counters).toMatchObject({ turns: 1, skipped: 1, commands: 0 });
  });

  it('sets timers and fills the outbox', async () => {
    const logic = await startWorkaday();
    logic.post('a', 'later', {});
    await logic.idle('workaday');
    logic.clock.advance(2_000);
    await eventually('the timer was due', () => logic.commands('a').includes('told {"timer":{"of":"a"}}'));
    await eventually('the mail was sent', () => notes(logic).includes('{"mailed":{"to":"a"},"attempt":1}'));
  });

  it('knows what the journal dropped before it', async () => {
    const changes = { plugins: { workaday: {} }, journal: { maxEntries: 3 } };
    const first = await startLogic(changes);
    await first.logic.stop(1_000);
    for (let i = 0; i < 10; i++) first.post('a', 'gap', {});
    const second = await startLogic({ ...changes, after: first });
    await second.idle('workaday');
    expect(notes(second)).toEqual(['{"lost":7}', '{"lost":0}', '{"lost":0}']);
  });

  it('hears of outcomes', async () => {
    const logic = await startWorkaday();
    logic.post('a', 'reading', { value: 1 });
    await logic.idle('workaday');
    const [id = ''] = logic.commandIds('a');
    await logic.commandsRoom.cancel('a', id);
    await eventually('it was told', () => logic.commands('a').includes('told {"state":"CANCELED"}'));
  });

  it('can catch what its grants refuse, and is counted', async () => {
    const logic = await startWorkaday();
    logic.post('a', 'refused', {});
    await logic.idle('workaday');
    expect(notes(logic)).toEqual(['not_granted']);
    await eventually('it is counted', () => logic.status('workaday').counters.refused === 1);
  });

  it('is held to the rates of its grants by the hub', async () => {
    const logic = await startWorkaday();
    for (const value of [1, 2, 3]) logic.post('limited', 'reading', { value });
    await logic.idle('workaday');
    expect(logic.status('workaday')).toMatchObject({ deadLetters: 1, counters: { commands: expect.any(Number) } });
    const [letter] = await logic.logic.deadLetters('workaday', '', 10);
    expect(letter?.error).toContain('was commanded 2/h already');
  });

  it('fails with what its handler throws', async () => {
    const logic = await startWorkaday();
    logic.post('a', 'thrown', { n: 1 });
    await logic.idle('workaday');
    const [letter] = await logic.logic.deadLetters('workaday', '', 10);
    expect(letter).toMatchObject({ handler: 'workaday.fail', error: 'cannot do {"n":1}', version: '2.0.0' });
  });

  it('is not begun for a payload that its class does not let pass', async () => {
    const logic = await startWorkaday();
    logic.post('a', 'reading', { value: 'warm' });
    await logic.idle('workaday');
    expect(logic.status('workaday').counters).toMatchObject({ invalid: 1, turns: 0, failed: 0 });
  });
});

describe('A pipeline in a worker', () => {
  it('sees the live stream, and what it gives out is done', async () => {
    const logic = await startWorkaday();
    logic.post('a', 'flowing', { value: 7 });
    logic.post('a', 'flowing', { value: 'none' });
    await eventually('it gave out', () => logic.commands('a').includes('go 7') && notes(logic).includes('7'));
    await eventually('the wrong one is counted', () => logic.status('workaday').counters.invalid === 1);
    expect(causeOf(logic.messages('notes')[0]?.cause)).toMatchObject({
      ...{ handler: 'workaday.flow', version: '2.0.0', by: 'pipeline', depth: 1 },
      given: expect.stringMatching(/^event devices\/a\/events\/flowing \d+:0$/),
    });
  });
});

describe('A plugin in a worker', () => {
  it('does not take wrong settings, and the hub does not start', async () => {
    await expect(startWorkaday({ greeting: 5, other: 1 })).rejects.toMatchObject({
      faults: [
        { plugin: 'workaday', path: ['other'], problem: { kind: 'unknown key', known: ['greeting'] } },
        { plugin: 'workaday', path: ['greeting'], value: 5 },
      ],
    });
  });

  it('tells what it uses', async () => {
    const logic = await startWorkaday();
    logic.clock.advance(1_000);
    await eventually('it has answered', () => (logic.status('workaday').worker?.heapBytes ?? 0) > 0);
    const { isolation, worker } = logic.status('workaday');
    expect(isolation).toBe('worker');
    expect(worker?.heapBytes).toBeGreaterThan(2 ** 20);
    expect(worker?.cpuMs).toBeGreaterThan(0);
    expect(worker).toMatchObject({ maxMemoryBytes: 128 * 2 ** 20, restarts: 0 });
  });

  it('runs where the configuration says, whatever it says itself', async () => {
    const logic = await startLogic({ plugins: { workaday: { isolation: 'inline' } } });
    logic.post('a', 'reading', { value: 1 });
    await logic.idle('workaday');
    expect(logic.status('workaday')).toMatchObject({ isolation: 'inline', worker: undefined, counters: { turns: 1 } });
  });
});

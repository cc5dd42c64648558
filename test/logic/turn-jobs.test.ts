import { afterEach, describe, expect, it } from '@jest/globals';
import type { Turn } from '../../src/plugin/index.js';
import { script } from './plugins/scripted/index.js';
import { type LogicUnderTest, startLogic, stopLogic } from './support/started-logic.js';

afterEach(stopLogic);

const FANS = ['fan-1', 'fan-2'];
const RATE = { rate: '20/s' };
const jobsOf = (logic: LogicUnderTest) => logic.jobs.list({ limit: 100 });

/** Runs a turn of the plugin and waits for its end. */
async function run(logic: LogicUnderTest, act: (turn: Turn) => unknown): Promise<void> {
  script.handle = (_, turn) => act(turn);
  logic.post('fan-1', 'reading', { value: 1 });
  await logic.idle();
}

describe('A job that a turn starts', () => {
  it('is committed with the turn, sends its command to all devices, and is named by the outcomes', async () => {
    const logic = await startLogic();
    let id = '';
    const told: unknown[] = [];
    script.hear = ({ job, device, name }) => told.push([job, device, name]);
    await run(logic, (turn) => {
      const options = { ttl: '10m', canary: { devices: 1, within: '5m' }, stopOnFailure: { count: 1 }, ...RATE };
      id = turn.startJob(['fan-2', 'fan-1'], 'go', { v: 7 }, options);
    });
    const [job] = await jobsOf(logic);
    expect(job?.plan).toMatchObject({
      id,
      selector: { by: 'list', count: 2 },
      command: { name: 'go', paramsJson: '{"v":7}', options: { ttlMs: 600_000 } },
      limits: { rate: '20/s', canary: { devices: 1, withinMs: 300_000 }, stop: { count: 1 } },
      origin: expect.stringContaining('"handler":"scripted.handle"'),
    });
    expect(logic.status().counters).toMatchObject({ turns: 1, jobs: 1 });
    await logic.jobs.round();
    expect([logic.commands('fan-2'), logic.commands('fan-1')]).toEqual([['go {"v":7}'], []]);
    for (const command of logic.commandIds('fan-2')) await logic.commandsRoom.cancel('fan-2', command);
    await logic.idle();
    expect(told).toEqual([[id, 'fan-2', 'go']]);
  });

  it('finds its devices by a pattern and by attributes', async () => {
    const logic = await startLogic();
    await run(logic, (turn) =>
      turn.startJob({ pattern: 'fan-*', attributes: { site: { prefix: 'no' } } }, 'go', {}, RATE),
    );
    expect((await jobsOf(logic))[0]?.plan.selector).toEqual({
      by: 'query',
      pattern: 'fan-*',
      attributes: [{ name: 'site', value: 'no', isPrefix: true }],
    });
  });

  it('is not there when the handler throws, and is one and the same when it is called again', async () => {
    const logic = await startLogic();
    const ids: string[] = [];
    script.handle = (_, turn) => {
      ids.push(turn.startJob(FANS, 'go', {}, RATE), turn.startJob(FANS, 'go', {}, RATE));
      if (turn.attempt === 1) throw new Error('The first time fails.');
    };
    logic.post('fan-1', 'reading', { value: 1 });
    await logic.idleInTime();
    expect(ids).toHaveLength(4);
    expect(ids.slice(2)).toEqual(ids.slice(0, 2));
    expect((await jobsOf(logic)).map(({ plan }) => plan.id).sort()).toEqual([...new Set(ids)].sort());
  });

  it('fails its turn while too many jobs are not over, and leaves no place taken', async () => {
    const logic = await startLogic();
    script.handle = (_, turn) => {
      for (let i = 0; i < 17; i++) turn.startJob(FANS, 'go', {}, RATE);
    };
    logic.post('fan-1', 'reading', { value: 1 });
    await logic.idleInTime();
    expect(await jobsOf(logic)).toEqual([]);
    expect(logic.jobs.figures).toMatchObject({ running: 0 });
    const [letter] = await logic.logic.deadLetters('scripted', '', 1);
    expect(letter?.error).toContain('16 jobs are not over, as many as devices.max_running_jobs allows');
  });
});

describe('Without a grant for it a job', () => {
  it.each<[string, (turn: Turn) => unknown, string]>([
    [
      'with this command',
      (turn) => turn.startJob(FANS, 'reboot', {}, RATE),
      'No grant lets it send "reboot" by a job;',
    ],
    [
      'for one of these devices',
      (turn) => turn.startJob(['fan-1', 'pump-1'], 'go', {}, RATE),
      'No grant lets it send "go" by a job to all of these devices',
    ],
    ['for another pattern', (turn) => turn.startJob({ pattern: '*' }, 'go', {}, RATE), 'to all of these devices'],
    [
      'for attributes of any device',
      (turn) => turn.startJob({ attributes: { site: 'north' } }, 'go', {}, RATE),
      'to all of these devices',
    ],
    [
      'as fast as this',
      (turn) => turn.startJob(FANS, 'go'),
      'Its grant lets a job send "go" to 20 devices a second; this one has the rate "100/s". Give it a slower one.',
    ],
  ])('%s is refused', async (_, ask, sentence) => {
    const logic = await startLogic();
    await run(logic, ask);
    expect(logic.status().counters).toMatchObject({ refused: 1, turns: 0 });
    const [letter] = await logic.logic.deadLetters('scripted', '', 1);
    expect(letter?.error).toContain(sentence);
    expect(await jobsOf(logic)).toEqual([]);
  });
});

describe('A job that a turn cancels', () => {
  const states = async (logic: LogicUnderTest) => (await jobsOf(logic)).map(({ progress }) => progress.state);

  it('sends nothing more, and takes back what waits', async () => {
    const logic = await startLogic();
    let id = '';
    await run(logic, (turn) => {
      id = turn.startJob(FANS, 'go', {}, RATE);
    });
    await logic.jobs.round();
    expect(logic.commands('fan-1')).toHaveLength(1);
    await run(logic, (turn) => turn.cancelJob(id));
    expect(await states(logic)).toMatchObject([{ is: 'CANCELED', cause: 'canceled' }]);
    expect(logic.messages(`jobs/${id}/progress`).at(-1)?.body.toString()).toContain('"state":"CANCELED"');
    await logic.jobs.round();
    expect([logic.commands('fan-1'), logic.commands('fan-2')]).toEqual([[], []]);
    // Once more is nothing.
    await run(logic, (turn) => turn.cancelJob(id));
    expect(logic.status().counters).toMatchObject({ failed: 0, jobs: 1 });
  });

  it('goes on when the turn that cancels it fails', async () => {
    const logic = await startLogic();
    let id = '';
    await run(logic, (turn) => {
      id = turn.startJob(FANS, 'go', {}, RATE);
    });
    script.handle = (_, turn) => {
      turn.cancelJob(id);
      throw new Error('It was not meant.');
    };
    logic.post('fan-1', 'reading', { value: 1 });
    await logic.idleInTime();
    expect(await states(logic)).toMatchObject([{ is: 'RUNNING' }]);
  });

  it('is one of its own, and has an id', async () => {
    const logic = await startLogic();
    const command = { name: 'go', paramsJson: '{}', options: {} };
    const limits = { rate: '1/s', pace: { count: 1, everyMs: 1_000 } };
    const { job } = await logic.jobs.create({ command, devices: FANS, limits });
    await run(logic, (turn) => turn.cancelJob(job.plan.id));
    await run(logic, (turn) => turn.cancelJob('any'));
    const letters = await logic.logic.deadLetters('scripted', '', 2);
    expect(letters.map(({ error }) => error)).toEqual([
      expect.stringContaining('was not started by this plugin, which may cancel its own alone'),
      expect.stringContaining('"any" is no job\'s id'),
    ]);
    expect(await states(logic)).toMatchObject([{ is: 'RUNNING' }]);
  });
});

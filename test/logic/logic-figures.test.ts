import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { type LogicFigures, logicFigures } from '../../src/logic/logic-figures.js';
import type { RuntimeFigures } from '../../src/logic/plugin-status.js';
import { eventually } from '../support/eventually.js';
import { script } from './plugins/scripted/index.js';
import { type LogicUnderTest, PLUGIN_FOLDER, startLogic, stopLogic } from './support/started-logic.js';

afterEach(stopLogic);

const figures = ({ logic }: LogicUnderTest): LogicFigures => logicFigures(logic.list());

describe('The figures of all plugins together', () => {
  it('count those that are enabled by what has become of them', async () => {
    const logic = await startLogic({
      plugins: { scripted: {}, hooked: {}, 'no-server': {}, patterns: { enabled: false } },
    });
    const told = { enabled: 3, running: 2, paused: 0, restarting: 0, failed: 1 };
    expect(figures(logic)).toMatchObject(told);
  });

  it('are the sums of their turns, and the worst of their lags', async () => {
    const logic = await startLogic({ plugins: { scripted: {}, workaday: {} } });
    logic.post('a', 'reading', { value: 1 });
    await logic.idle();
    await logic.idle('workaday');
    script.handle = () => new Promise(() => {});
    logic.post('b', 'reading', { value: 2 });
    await eventually('one of the two is done with it', () => figures(logic).counters.turns === 3);
    logic.clock.advance(2_000);
    expect(figures(logic)).toMatchObject({
      ...{ queued: 0, mostBehind: 0, maxLagMs: 2_000, openTurns: 1, retrying: 0, deadLetters: 0 },
      counters: { events: 4, turns: 3, failed: 0 },
    });
  });

  it('are those of all workers, also of shadows', async () => {
    const shadow = { from: join(PLUGIN_FOLDER, 'workaday'), config: {} };
    const logic = await startLogic({ plugins: { scripted: {}, workaday: { shadow } } });
    await eventually('the candidate runs', () => logic.status('workaday').shadow?.state === 'running');
    const { worker, shadow: candidate } = logic.status('workaday');
    const both = [worker, candidate?.worker] as RuntimeFigures[];
    const sum = (name: keyof RuntimeFigures) => both.reduce((all, each) => all + each[name], 0);
    const { workers } = figures(logic);
    expect(workers).toMatchObject({ count: 2, maxMemoryBytes: 2 * 128 * 2 ** 20, restarts: 0 });
    expect([workers.heapBytes, workers.bufferBytes, workers.cpuMs]).toEqual(
      (['heapBytes', 'bufferBytes', 'cpuMs'] as const).map(sum),
    );
  });

  it('are zeros where there is no plugin', async () => {
    const logic = await startLogic({ plugins: {} });
    const { counters, workers, ...rest } = figures(logic);
    for (const sums of [counters, workers, rest]) expect(new Set(Object.values(sums))).toEqual(new Set([0]));
  });
});

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { CURSORS } from '../../../src/logic/store/tables.js';
import { eventually } from '../../support/eventually.js';
import { type LogicUnderTest, startLogic, stopLogic } from '../support/started-logic.js';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'signalbox-reload-'));
});

afterEach(async () => {
  await stopLogic();
  await rm(folder, { recursive: true });
});

/**
 * Saves a version of the plugin; `hold` keeps a turn open until a device reports `free`, `wait` until something is posted to
 * `releases`, from whichever thread.
 */
async function save(version: string, { constructed = '', pattern = 'reading' } = {}): Promise<void> {
  await writeFile(
    join(folder, 'index.ts'),
    `import { LogicServer, OnEvent } from 'signalbox/plugin';
    const held = [];
    const releases = new BroadcastChannel('releases of edited');
    @LogicServer({ name: 'edited', version: '${version}', grants: { command: [{ device: '#', names: ['*'] }] } })
    export default class Edited {
      constructor() { ${constructed} }
      @OnEvent('devices/+/events/${pattern}')
      async count({ device }, turn) {
        const kept = turn.state.for(device);
        const count = ((await kept.get('count')) ?? 0) + 1;
        kept.set('count', count);
        turn.command(device, 'from-${version}', { count });
      }
      @OnEvent('devices/+/events/hold')
      async hold({ device }, turn) {
        await new Promise((resolve) => held.push(resolve));
        turn.command(device, 'held', '${version}');
      }
      @OnEvent('devices/+/events/wait')
      async wait({ device }, turn) {
        const mine = new BroadcastChannel('releases of edited');
        await new Promise((resolve) => { mine.onmessage = resolve; });
        mine.close();
        turn.command(device, 'waited', '${version}');
      }
      @OnEvent('devices/+/events/free')
      free() {
        for (const resolve of held) resolve();
      }
    }`,
  );
}

async function startEdited(isolation: 'inline' | 'worker' = 'worker'): Promise<LogicUnderTest> {
  await save('1.0.0');
  return startLogic({ plugins: { edited: { from: folder, isolation } } });
}

describe('A shadow in a worker that is loaded anew', () => {
  /** The plugin `edited` as it is saved, and as its own shadow: both send the same until one of them is loaded anew. */
  async function startShadowed(): Promise<LogicUnderTest> {
    await save('1.0.0');
    const shadow = { from: folder, config: {} };
    const logic = await startLogic({ plugins: { edited: { from: folder, isolation: 'worker', shadow } } });
    await eventually('the shadow runs', () => report(logic).status.state === 'running');
    return logic;
  }

  const report = (logic: LogicUnderTest) => logic.logic.shadow('edited');

  async function read(logic: LogicUnderTest, device: string): Promise<void> {
    const { turns } = logic.status('edited').counters;
    logic.post(device, 'reading', {});
    await eventually('both are done', () => {
      const { shadow, counters } = logic.status('edited');
      return counters.turns === turns + 1 && shadow?.counters.turns === turns + 1;
    });
    logic.clock.advance(12_000);
  }

  it('goes on with its new code, its state and figures that begin anew', async () => {
    const logic = await startShadowed();
    await read(logic, 'a');
    expect(report(logic).status.compared).toMatchObject({ live: 1, same: 1 });
    await save('2.0.0');
    const { status, differences } = await logic.logic.reloadShadow('edited');
    expect(status).toMatchObject({ state: 'running', version: '2.0.0', compared: { live: 0, shadow: 0, same: 0 } });
    expect(differences).toEqual([]);
    expect(logic.status('edited').version).toBe('1.0.0');
    await read(logic, 'a');
    expect(logic.commands('a')).toEqual(['from-1.0.0 {"count":1}', 'from-1.0.0 {"count":2}']);
    const [extra] = report(logic).differences.filter(({ is }) => is === 'extra');
    expect(extra).toMatchObject({ name: 'from-2.0.0', shadow: { params: { count: 2 } } });
  });

  it('is loaded anew once it runs, when that is asked for while it begins', async () => {
    await save('1.0.0');
    const shadow = { from: folder, config: {} };
    const logic = await startLogic({ plugins: { edited: { from: folder, isolation: 'worker', shadow } } });
    await save('2.0.0');
    expect((await logic.logic.reloadShadow('edited')).status).toMatchObject({ state: 'running', version: '2.0.0' });
  });

  it('stays as it is when its plugin is loaded anew, and is compared with that', async () => {
    const logic = await startShadowed();
    await save('2.0.0');
    const reloaded = await logic.logic.reload('edited');
    expect(reloaded).toMatchObject({ version: '2.0.0', shadow: { version: '1.0.0', state: 'running' } });
    await read(logic, 'a');
    expect(report(logic).status.compared).toMatchObject({ live: 1, shadow: 1, missing: 1, extra: 1 });
  });

  it('goes on as it was when its new code cannot be loaded, and its plugin with it', async () => {
    const logic = await startShadowed();
    await writeFile(join(folder, 'index.ts'), 'export default class {');
    await expect(logic.logic.reloadShadow('edited')).rejects.toMatchObject({ code: 'plugin_failed' });
    await read(logic, 'a');
    expect(report(logic).status).toMatchObject({ state: 'running', version: '1.0.0', compared: { same: 1 } });
  });

  it('is refused where it runs inline, with the key that would help', async () => {
    await save('1.0.0');
    const shadow = { from: folder, config: {} };
    const logic = await startLogic({ plugins: { edited: { from: folder, isolation: 'inline', shadow } } });
    await eventually('the shadow runs', () => report(logic).status.state === 'running');
    await expect(logic.logic.reloadShadow('edited')).rejects.toThrow('Set plugins.edited.isolation to worker');
    await expect(logic.logic.reloadShadow('nobody')).rejects.toMatchObject({ code: 'plugin_not_found' });
  });
});

describe('A plugin in a worker that is loaded anew', () => {
  it('goes on with its new code where the old one was, also for events that came meanwhile', async () => {
    const logic = await startEdited();
    logic.post('a', 'reading', {});
    await logic.idle('edited');
    await save('2.0.0');
    const reloaded = logic.logic.reload('edited');
    for (let i = 0; i < 50; i++) logic.post('a', 'reading', {});
    expect(await reloaded).toMatchObject({ state: 'running', version: '2.0.0' });
    expect(logic.logic.describe('edited').servers).toMatchObject([{ version: '2.0.0' }]);
    logic.post('a', 'reading', {});
    await logic.idle('edited');
    const counts = logic.commands('a').map((command) => JSON.parse(command.split(' ')[1] ?? '').count);
    expect(counts).toEqual(Array.from({ length: 52 }, (_, i) => i + 1));
    expect(logic.commands('a')[0]).toBe('from-1.0.0 {"count":1}');
    expect(logic.commands('a').at(-1)).toBe('from-2.0.0 {"count":52}');
    expect(logic.status('edited')).toMatchObject({ deadLetters: 0, counters: { failed: 0, lost: 0 } });
  });

  it('lets turns end that are open', async () => {
    const logic = await startEdited();
    logic.post('slow', 'hold', {});
    await eventually('it is open', () => logic.status('edited').openTurns === 1);
    await save('2.0.0');
    const reloaded = logic.logic.reload('edited');
    logic.post('other', 'free', {});
    await reloaded;
    await logic.idle('edited');
    expect(logic.commands('slow')).toEqual(['held "1.0.0"']);
    expect(logic.status('edited').version).toBe('2.0.0');
  });

  it('takes over while turns wait behind those that are open', async () => {
    const logic = await startEdited();
    for (let i = 0; i < 10; i++) logic.post('busy', 'wait', {});
    await eventually('one is open, and the others wait', () => {
      const { openTurns, queued } = logic.status('edited');
      return openTurns === 1 && queued === 9;
    });
    // The one that is open ends when the new version is there, and those behind it are nobody's but the new one's.
    await save('2.0.0', { constructed: 'setInterval(() => releases.postMessage(0), 20);' });
    expect(await logic.logic.reload('edited')).toMatchObject({ state: 'running', version: '2.0.0' });
    await logic.idle('edited');
    const waited = logic.commands('busy');
    expect(waited).toHaveLength(10);
    expect(waited[0]).toBe('waited "1.0.0"');
    expect(waited.at(-1)).toBe('waited "2.0.0"');
  });

  it('gets the events of its new patterns', async () => {
    const logic = await startEdited();
    await save('2.0.0', { pattern: 'other' });
    await logic.logic.reload('edited');
    for (const type of ['reading', 'other']) logic.post('a', type, {});
    await logic.idle('edited');
    expect(logic.commands('a')).toEqual(['from-2.0.0 {"count":1}']);
  });

  it.each([
    [
      'cannot be read',
      () => writeFile(join(folder, 'index.ts'), 'export default class {'),
      /Expected|Unexpected|Syntax/,
    ],
    ['cannot be made', () => save('2.0.0', { constructed: "throw new Error('no licence');" }), /no licence/],
    ['has a wrong pattern', () => save('2.0.0', { pattern: '+/x' }), /edited\.count/],
  ])('goes on as it was when the new version %s', async (_, edit, reason) => {
    const logic = await startEdited();
    await edit();
    const failure = logic.logic.reload('edited');
    await expect(failure).rejects.toMatchObject({ code: 'plugin_failed', message: expect.stringMatching(reason) });
    await expect(failure).rejects.toThrow('The plugin "edited" was not reloaded, and goes on as it was: ');
    logic.post('a', 'reading', {});
    await logic.idle('edited');
    expect(logic.commands('a')).toEqual(['from-1.0.0 {"count":1}']);
    expect(logic.status('edited')).toMatchObject({ state: 'running', version: '1.0.0' });
  });

  it('is tried again when the engine fails in the middle, and loses nothing', async () => {
    const logic = await startEdited();
    logic.post('a', 'reading', {});
    await logic.idle('edited');
    await save('2.0.0');
    logic.engine.unreadable = CURSORS;
    await expect(logic.logic.reload('edited')).rejects.toThrow(
      'The plugin "edited" was not reloaded: The engine is out of order.',
    );
    logic.engine.unreadable = undefined;
    logic.post('a', 'reading', {});
    expect(logic.status('edited')).toMatchObject({ state: 'restarting' });
    logic.clock.advance(3_000);
    await eventually('it runs', () => logic.status('edited').state === 'running');
    await logic.idle('edited');
    expect(logic.commands('a')).toEqual(['from-1.0.0 {"count":1}', 'from-2.0.0 {"count":2}']);
  });

  it('is taken over by its new code when it is started again after a crash', async () => {
    const logic = await startEdited();
    await save('1.0.1', { constructed: 'setImmediate(() => process.exit(1));' });
    await logic.logic.reload('edited');
    await save('2.0.0');
    await eventually('it has ended', () => logic.status('edited').state === 'restarting');
    logic.clock.advance(3_000);
    await eventually('the new code runs', () => {
      const { state, version } = logic.status('edited');
      return state === 'running' && version === '2.0.0';
    });
  });
});

describe('A plugin that runs inline', () => {
  it('is not loaded anew, and the answer tells how it could be', async () => {
    const logic = await startEdited('inline');
    await expect(logic.logic.reload('edited')).rejects.toThrow('Set plugins.edited.isolation to worker');
    expect(logic.status('edited').state).toBe('running');
  });
});

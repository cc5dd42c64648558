import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { findOut, type Inquiry } from '../../../src/logic/inspection/throwaway-thread.js';

const execArgv = ['--import', './test/support/run-typescript.mjs'];
const THERMOSTAT = resolve('plugins/thermostat/index.ts');

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'signalbox-thread-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** What a thread finds about a module with this text. */
async function found(text: string, rest: Partial<Inquiry> = {}, timeoutMs?: number) {
  const file = join(folder, 'index.mjs');
  await writeFile(file, text);
  return findOut({ file, ...rest }, { execArgv, ...(timeoutMs !== undefined && { timeoutMs }) });
}

describe('A thread that looks at a plugin', () => {
  it('is ended when the module never comes to its end', async () => {
    expect(await found('for (;;);', {}, 1_000)).toEqual({ fault: 'it was not loaded within 1 s' });
  });

  it('tells that the module has ended it', async () => {
    expect(await found('process.exit(3);')).toEqual({ fault: 'it has ended the thread with exit code 3' });
  });

  it.each([
    [{ limit: 26 }, []],
    [{ limit: 'warm' }, [{ plugin: 'cooler', path: ['limit'], value: 'warm', problem: { kind: 'value' } }]],
    [{ most: 3 }, [{ path: ['most'], value: 3, problem: { kind: 'unknown key', known: ['limit'] } }]],
  ])('checks settings by the rules of the plugin: %j', async (config, faults) => {
    expect(await findOut({ file: THERMOSTAT, entry: { name: 'cooler', config } }, { execArgv })).toMatchObject({
      found: faults,
    });
  });
});

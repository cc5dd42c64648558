import { afterEach, describe, expect, it } from '@jest/globals';
import { DataFile } from '../../../src/engine/lmdb/data-file.js';
import { Environment } from '../../../src/engine/lmdb/environment.js';
import { endSpawned, Spawned } from '../../cli/support/spawned.js';
import { emptyFolder } from './support/lmdb-under-test.js';

afterEach(endSpawned);

/** Opens the data file as a backup does, and goes on reading. */
const reading = (folder: string) => `
  const { open } = await import('lmdb');
  open({ path: '${folder}', readOnly: true }).useReadTransaction();
  console.log('reads');
  setInterval(() => {}, 1_000_000);`;

/** Ids of the processes in lmdb's table of readers. */
function readersOf({ root }: DataFile): number[] {
  return root.readerList().split('\n').map(Number.parseFloat).filter(Number.isInteger);
}

describe('A reader beside the hub that was killed', () => {
  it('is forgotten, so that the pages that it read can be used again', async () => {
    const folder = emptyFolder();
    const file = new DataFile(folder);
    const environment = new Environment(file);
    const reader = new Spawned(process.execPath, ['--input-type=module', '-e', reading(folder)]);
    await reader.shown('reads');
    const [pid] = readersOf(file).filter((reading) => reading !== process.pid);
    expect(pid).toBeDefined();
    environment.forgetDeadReaders();
    expect(readersOf(file)).toContain(pid);
    reader.kill('SIGKILL');
    await reader.exit;
    expect(readersOf(file)).toContain(pid);
    environment.forgetDeadReaders();
    expect(readersOf(file)).not.toContain(pid);
    await environment.close();
  });
});

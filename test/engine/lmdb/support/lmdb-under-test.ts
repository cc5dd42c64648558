import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach } from '@jest/globals';
import type { DataFile } from '../../../../src/engine/lmdb/data-file.js';
import { Environment } from '../../../../src/engine/lmdb/environment.js';
import type { LmdbEngine, LmdbOptions } from '../../../../src/engine/lmdb/lmdb-engine.js';
import { openLmdbEngine } from '../../../../src/engine/lmdb/open-engine.js';
import type { LogSetting } from '../../../contracts/message-log/log-under-test.js';
import type { EngineUnderTest } from '../../../contracts/record-table/engine-under-test.js';

/** Where there is one, a disk in memory: thousands of commits that each wait for a real one would take minutes. */
const fastFolder = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
const root = mkdtempSync(join(fastFolder, 'signalbox-lmdb-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const open = new Set<LmdbEngine>();
afterEach(async () => {
  for (const engine of open) await closeEngine(engine);
});

/** A folder of its own, which goes when the tests of the file are done. */
export function emptyFolder(): string {
  return mkdtempSync(join(root, 'data-'));
}

/** Opens an engine; what the test leaves open is closed after it. */
export async function openEngine(
  setting: LogSetting,
  folder = emptyFolder(),
  changed: Partial<LmdbOptions> = {},
): Promise<LmdbEngine> {
  const engine = await openLmdbEngine({ ...optionsOf(setting, folder), ...changed });
  open.add(engine);
  return engine;
}

export async function closeEngine(engine: LmdbEngine): Promise<void> {
  open.delete(engine);
  await engine.close();
}

/**
 * Opens another engine over what is on disk now, as a hub finds it that was killed at this moment. The first one goes on.
 * @param folder that an engine has open
 */
export function openAfterCrash(setting: LogSetting, folder: string): Promise<LmdbEngine> {
  return openEngine(setting, copyOf(folder));
}

/** A folder with what is on disk now in another. */
export function copyOf(folder: string): string {
  const copy = emptyFolder();
  copyFileSync(join(folder, 'data.mdb'), join(copy, 'data.mdb'));
  return copy;
}

/** A disk whose commits fail while the test wants it, with lmdb's own errors. */
export class FaultyDisk {
  /** what commits fail with; undefined: they succeed */
  fault: { readonly code: number; readonly message: string } | undefined;
  /** commits that were tried */
  commits = 0;
  /** called after each commit, before anything of the next one is on disk */
  committed: () => void = () => {};

  async open(setting: LogSetting, folder = emptyFolder()): Promise<LmdbEngine> {
    const engine = await openLmdbEngine(optionsOf(setting, folder), (file) => this.tablesOf(file));
    open.add(engine);
    return engine;
  }

  private tablesOf(file: DataFile): Environment {
    const env = new Environment(file);
    const commit = env.commit.bind(env);
    env.commit = async (write) => {
      this.commits++;
      if (this.fault) throw Object.assign(new Error(this.fault.message), { code: this.fault.code });
      await commit(write);
      this.committed();
    };
    return env;
  }
}

function optionsOf({ clock, maxBytes, maxMessages }: LogSetting, folder: string): LmdbOptions {
  return {
    folder,
    now: () => clock.now(),
    uptime: () => clock.uptime(),
    maxDiskBytes: maxBytes,
    maxMemoryBytes: maxBytes,
    maxMessages,
  };
}

/** An engine for the contracts. */
export async function lmdbUnderTest(setting: LogSetting, folder = emptyFolder()): Promise<EngineUnderTest> {
  const engine = await openEngine(setting, folder);
  const restart = async () => {
    await closeEngine(engine);
    return lmdbUnderTest(setting, folder);
  };
  return { engine, isDurable: true, restart };
}

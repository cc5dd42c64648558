import { statSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { run } from '../../src/cli/run.js';
import { processTerminal } from '../../src/cli/terminal.js';
import { openLmdbEngine } from '../../src/engine/lmdb/open-engine.js';
import { HubFolder, HubProcess } from '../support/hub-process.js';

/*
 * How soon a hub answers with much on disk, and what backing that up costs. Not a test: it takes minutes on a slow disk and
 * asserts nothing. docs/operations.md has its figures.
 */
const CHANNELS = 100_000;
const MESSAGES_EACH = 10;
const BODY_BYTES = 100;
const STARTS = 5;
/** Messages handed in before it waits for the disk. */
const STRETCH = 10_000;

const NODE = ['dist/src/main.js'];

const folder = await HubFolder.make();
try {
  for (let i = 0; i < STARTS; i++) await measureStart('nothing stored');
  await fill(folder.data);
  const { size } = statSync(`${folder.data}/data.mdb`);
  tell(
    `${CHANNELS * MESSAGES_EACH} messages of ${BODY_BYTES} bytes in ${CHANNELS} channels: ${size} bytes on disk, ` +
      `${Math.round(size / CHANNELS / MESSAGES_EACH)} a message`,
  );
  for (let i = 0; i < STARTS; i++) await measureStart('all of it stored');
  const backup = folder.file('hub.backup');
  await timed('backup', () => run(['backup', backup, '--config', folder.configuration], processTerminal()));
  await timed('inspect', () => run(['inspect', backup, '--json'], processTerminal()));
  await timed('restore', () => run(['restore', backup, '--data', folder.file('restored')], processTerminal()));
} finally {
  await folder.remove();
}

async function fill(data: string): Promise<void> {
  await mkdir(data, { recursive: true });
  const started = performance.now();
  const limit = Number.MAX_SAFE_INTEGER;
  const limits = { maxDiskBytes: limit, maxMemoryBytes: 64 * 2 ** 20, maxMessages: limit };
  const engine = await openLmdbEngine({ folder: data, now: Date.now, uptime: () => performance.now(), ...limits });
  const body = Buffer.alloc(BODY_BYTES, 'x');
  const kept = { expiresAt: Number.POSITIVE_INFINITY, store: true, keepAtMost: MESSAGES_EACH, keepAtLeast: 1 };
  let waiting: unknown[] = [];
  for (let i = 0; i < CHANNELS * MESSAGES_EACH; i++) {
    const log = engine.messages.open(channelOf(i % CHANNELS));
    waiting.push(log.append({ body, contentType: 'application/json', durability: 'disk', ...kept }));
    if (waiting.length < STRETCH) continue;
    await Promise.all(waiting);
    waiting = [];
  }
  await Promise.all(waiting);
  await engine.close();
  tell(`filled in ${((performance.now() - started) / 1000).toFixed(1)} s`);
}

function channelOf(number: number): string {
  return `buildings/north-7/meter-${number}`;
}

async function measureStart(what: string): Promise<void> {
  const started = performance.now();
  const hub = await HubProcess.start(folder.configuration, NODE);
  const listens = performance.now() - started;
  const answer = await fetch(`${hub.url}/pub?id=${channelOf(CHANNELS - 1)}`);
  await answer.arrayBuffer();
  const answered = performance.now() - started;
  const memory = /VmRSS:\s+(\d+)/.exec(await readFile(`/proc/${hub.program.pid}/status`, 'utf8'))?.[1];
  tell(
    `${what}: listens after ${listens.toFixed(0)} ms, first answer (${answer.status}) after ${answered.toFixed(0)} ms, RSS ${memory} kB`,
  );
  await hub.stop();
}

async function timed(what: string, work: () => Promise<unknown>): Promise<void> {
  const started = performance.now();
  await work();
  tell(`${what} took ${((performance.now() - started) / 1000).toFixed(1)} s`);
}

function tell(sentence: string): void {
  process.stdout.write(`${sentence}\n`);
}

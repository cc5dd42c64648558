import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { endSpawned, Spawned } from '../cli/support/spawned.js';
import { CompiledPackage } from '../support/compiled-package.js';
import { closeRawClients, RawClient } from '../support/raw-client.js';

/** Compiling takes seconds, and more on a busy machine. */
const PATIENCE_MS = 120_000;
const HOST = 'Host: h\r\n';

let compiled: CompiledPackage;
beforeAll(async () => {
  compiled = await CompiledPackage.make();
}, PATIENCE_MS);
afterAll(() => compiled?.remove());
afterEach(closeRawClients);
afterEach(endSpawned);

interface RunningProgram {
  readonly program: Spawned;
  readonly at: { readonly host: string; readonly port: number };
}

async function start(fastLane: string, stopTimeout = '10s'): Promise<RunningProgram> {
  const file = compiled.path(`signalbox-${fastLane}-${stopTimeout}.yaml`);
  await writeFile(
    file,
    `engine: memory\nfast_lane: ${fastLane}\nlog_level: warn\nlimits: { stop_timeout: ${stopTimeout} }\n`,
  );
  const args = ['start', '--config', file, '--listen', '127.0.0.1:0', '--admin', '127.0.0.1:0'];
  const program = new Spawned(process.execPath, [compiled.path('dist/src/main.js'), ...args]);
  await program.shown('/admin.');
  const port = /127\.0\.0\.1:(\d+) for devices/.exec(program.out)?.[1];
  return { program, at: { host: '127.0.0.1', port: Number(port) } };
}

/** Parks a poll, and knows that it is parked by what a publisher is told. */
async function park(at: RunningProgram['at'], id: string, count = 1): Promise<RawClient> {
  const client = await RawClient.connect(at);
  client.send(`GET /sub?id=${id} HTTP/1.1\r\n${HOST}\r\n`);
  const publisher = await RawClient.connect(at);
  for (;;) {
    const info = await publisher.ask(`GET /pub?id=${id} HTTP/1.1\r\n${HOST}\r\n`);
    if (info.text.includes(`active subscribers: ${count}`)) break;
  }
  publisher.close();
  return client;
}

async function isRefused(at: RunningProgram['at']): Promise<boolean> {
  const socket = connect(at);
  const outcome = await Promise.race([
    once(socket, 'connect').then(() => false),
    once(socket, 'error').then(([error]) => error.code === 'ECONNREFUSED'),
  ]).catch(() => true);
  socket.destroy();
  return outcome;
}

const unfinished = `POST /pub?id=slow HTTP/1.1\r\n${HOST}Content-Length: 10\r\n\r\nhello`;

describe.each([
  ['the fast lane', 'on'],
  ['Fastify', 'off'],
])('A stop, at %s', (_door, fastLane) => {
  it.each(['SIGTERM', 'SIGINT'] as const)(
    'by %s answers those who wait, takes nobody more, and ends the process though nobody closes',
    async (signal) => {
      const { program, at } = await start(fastLane);
      const waiting: RawClient[] = [];
      for (let i = 1; i <= 3; i++) waiting.push(await park(at, 'wait', i));
      const idle = await RawClient.connect(at);
      expect((await idle.ask(`GET /pub?id=x HTTP/1.1\r\n${HOST}\r\n`)).status).toBe(404);
      program.kill(signal);
      for (const client of waiting) {
        const response = await client.response();
        expect([response.status, response.header('Connection')]).toEqual([304, 'close']);
      }
      expect(await idle.end()).toBe('');
      expect(await isRefused(at)).toBe(true);
      expect(await program.exit).toEqual({ code: 0, signal: null });
      expect(program.err).toBe('');
      for (const client of waiting) expect(await client.end()).toBe('');
    },
    PATIENCE_MS,
  );

  it(
    'waits for a request whose body is still coming, and for no poll that comes meanwhile',
    async () => {
      const { program, at } = await start(fastLane);
      const [slow, late, idle] = [
        await RawClient.connect(at),
        await RawClient.connect(at),
        await RawClient.connect(at),
      ];
      await idle.ask(`GET /pub?id=x HTTP/1.1\r\n${HOST}\r\n`);
      await late.sent(`GET /sub?id=late HTTP/1.1\r\n`);
      await slow.sent(unfinished);
      await park(at, 'seen');
      program.kill('SIGTERM');
      await idle.end();
      late.send(`${HOST}\r\n`);
      const poll = await late.response();
      expect([poll.status, poll.header('Connection')]).toEqual([304, 'close']);
      slow.send('world');
      const published = await slow.response();
      expect([published.status, published.header('Connection')]).toEqual([202, 'close']);
      expect(await program.exit).toEqual({ code: 0, signal: null });
    },
    PATIENCE_MS,
  );

  it(
    'cuts off after stop_timeout what is still coming',
    async () => {
      const { program, at } = await start(fastLane, '2s');
      const slow = await RawClient.connect(at);
      await slow.sent(unfinished);
      await park(at, 'seen');
      program.kill('SIGTERM');
      expect(await slow.end()).toBe('');
      expect(await program.exit).toEqual({ code: 0, signal: null });
    },
    PATIENCE_MS,
  );

  it.each([
    ['SIGTERM', 143],
    ['SIGINT', 130],
  ] as const)(
    'by a second %s ends the process at once',
    async (signal, code) => {
      const { program, at } = await start(fastLane, '1h');
      const [slow, waiting] = [await RawClient.connect(at), await park(at, 'wait')];
      await slow.sent(unfinished);
      await park(at, 'seen');
      program.kill('SIGTERM');
      await waiting.response();
      program.kill(signal);
      expect(await program.exit).toEqual({ code, signal: null });
    },
    PATIENCE_MS,
  );
});

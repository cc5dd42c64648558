import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { endSpawned, Spawned } from '../cli/support/spawned.js';
import { CompiledPackage } from '../support/compiled-package.js';
import type { FromLoad, LoadJob } from './load/load-job.js';
import { type ScenarioName, scenarioNames, type Target } from './peers/peer.js';
import { type Fault, FaultyServer } from './support/faulty-server.js';

/** Compiling takes seconds, and more on a busy machine. */
const PATIENCE_MS = 120_000;

let compiled: CompiledPackage;
beforeAll(async () => {
  compiled = await CompiledPackage.make();
}, PATIENCE_MS);
afterAll(() => compiled?.remove());
afterEach(endSpawned);

function bench(...args: string[]): Spawned {
  return new Spawned(process.execPath, [compiled.path('dist/bench/main.js'), ...args]);
}

describe('The bench', () => {
  it(
    'runs every scenario against Signalbox, and each message comes once and in order',
    async () => {
      const json = compiled.path('figures.json');
      const scenarios: ScenarioName[] = [...scenarioNames];
      const small = ['--quick', '--conns', '8', '--messages', '400', '--seconds', '0.2'];
      const run = bench('--scenario', scenarios.join(','), ...small, '--json', json);
      const { code } = await run.exit;
      expect({ code, err: run.err.replace(/^turn .*\n/gm, '') }).toEqual({ code: 0, err: '' });
      expect(run.out).toContain('Every message came exactly once and in order.');
      const { cases } = JSON.parse(await readFile(json, 'utf8'));
      expect(cases.map((each: { benchCase: { scenario: string } }) => each.benchCase.scenario)).toEqual(scenarios);
      for (const { rounds } of cases) expect(rounds[0][0].deliveries).toBeGreaterThan(0);
    },
    PATIENCE_MS,
  );

  it(
    'runs the logic in a worker and in a process of its own, and tells how long a command takes after its event',
    async () => {
      const small = ['--quick', '--conns', '8', '--messages', '400', '--seconds', '0.2'];
      const run = bench('--scenario', 'turns,catch-up', '--server', 'signalbox-worker', ...small);
      expect((await run.exit).code).toBe(0);
      const json = compiled.path('loops.json');
      const paced = ['--scenario', 'control-loop', '--rate', '200', '--json', json, ...small];
      const loops = bench('--vs', 'signalbox-worker,signalbox-external', ...paced);
      expect((await loops.exit).code).toBe(0);
      const [{ summaries }] = JSON.parse(await readFile(json, 'utf8')).cases;
      const told = { p50Ms: expect.any(Number), p99Ms: expect.any(Number) };
      expect(summaries).toMatchObject(
        ['signalbox', 'signalbox-worker', 'signalbox-external'].map((peer) => ({ peer, ...told })),
      );
    },
    PATIENCE_MS,
  );

  it('keeps to a rate', async () => {
    const run = bench('--quick', '--rate', '500', '--conns', '8', '--seconds', '0.2');
    expect((await run.exit).code).toBe(0);
    expect(run.out).toContain('8 connections, bodies of 100 bytes, 500 messages/s');
  });

  it('says what it can do', async () => {
    const run = bench('--help');
    expect((await run.exit).code).toBe(0);
    expect(run.out).toContain('--scenario A,B');
  });

  it('ends with 1 and a sentence when it does not understand', async () => {
    const run = bench('--scenario', 'everything');
    expect((await run.exit).code).toBe(1);
    expect(run.err).toMatch(/^bench: --scenario does not know "everything"/);
  });
});

describe('A thermostat beside a server without logic', () => {
  const server = new FaultyServer('cuts it');
  afterEach(() => server.close());

  it.each(['nchan-logic', 'nchan-http-logic'])(
    'answers an event with one command, written as %s',
    async (program) => {
      const { host, port } = await server.listen();
      const target: Target = {
        endpoint: { host, port },
        publishPath: '/pub?id={id}',
        subscribePath: '/sub?id={id}',
        eventPath: '/events/pub',
        eventBody: '',
        commandChannel: 'devices/{id}/commands',
      };
      const logic = new Spawned(process.execPath, [
        compiled.path(`dist/bench/logic/${program}.js`),
        JSON.stringify(target),
      ]);
      await logic.shown('ready');
      const at = `http://${host}:${port}`;
      for (const celsius of [31.5, 29, 32, 27]) {
        const body = JSON.stringify({ device: 'fan-1', celsius });
        await fetch(`${at}${target.eventPath}`, { method: 'POST', body });
      }
      const poll = `${at}/sub?id=devices/fan-1/commands`;
      const first = await fetch(poll);
      expect(await first.json()).toEqual({ id: '1', name: 'fan.set', params: { on: true } });
      const second = await fetch(poll, { headers: { 'If-None-Match': first.headers.get('etag') ?? '' } });
      expect(await second.json()).toEqual({ id: '2', name: 'fan.set', params: { on: false } });
    },
    PATIENCE_MS,
  );
});

describe('A server that makes a mistake', () => {
  let server: FaultyServer;
  let load: ChildProcess;
  afterEach(async () => {
    load.kill();
    await server.close();
  });

  /** What the load process says once it has seen the mistake. */
  async function faultSeen(scenario: ScenarioName, fault: Fault): Promise<FromLoad> {
    server = new FaultyServer(fault);
    const target = {
      endpoint: await server.listen(),
      publishPath: '/pub?id={id}',
      subscribePath: '/sub?id={id}',
      eventPath: '',
      eventBody: '',
      commandChannel: '',
    };
    const bounds = { messages: 100, seconds: 5 };
    const job: LoadJob = { scenario, target, connections: 2, bodyBytes: 100, rate: undefined, warmUp: bounds, bounds };
    load = fork(compiled.path('dist/bench/load/load-process.js'));
    load.send({ step: 'open', job });
    const [answer] = (await once(load, 'message')) as [FromLoad];
    return answer;
  }

  it.each<[ScenarioName, Fault, string]>([
    ['fanout', 'loses it', 'Message 6 of "fanout" came, but number 5 was next: lost, or out of order.'],
    [
      'roundtrip',
      'repeats the one before',
      'Message 4 of "roundtrip-\\d" came again \\(or late\\): number 5 was next.',
    ],
    ['roundtrip', 'sends an older one', 'Message 3 of "roundtrip-\\d" came again \\(or late\\): number 5 was next.'],
    ['fanout', 'cuts it', 'Message 5 of "fanout" came with 99 bytes that are not the 100 published.'],
    ['publish', 'has no room for it', 'A publisher was answered 507 "No room.", not 201 or 202.'],
    ['drain', 'repeats the one before', 'Message 4 of "drain-\\d" came again \\(or late\\): number 5 was next.'],
  ])('ends %s with a sentence when it %s', async (scenario, fault, sentence) => {
    expect(await faultSeen(scenario, fault)).toEqual({ fault: expect.stringMatching(new RegExp(`^${sentence}$`)) });
  });
});

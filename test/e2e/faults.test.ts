import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { EngineError } from '../../src/engine/message-log.js';
import { RecordedLog } from '../support/recorded-log.js';
import { startTestHub, type TestHub } from '../support/start-hub.js';

describe.each([
  ['fast lane', true],
  ['Fastify door', false],
])('A fault of the hub met through the %s', (_, fastLane) => {
  const fault = new TypeError('x is undefined');
  let log: RecordedLog;
  let hub: TestHub;

  beforeEach(async () => {
    log = new RecordedLog();
    hub = await startTestHub({ fastLane, logger: log });
    log.lines.length = 0;
  });

  afterEach(() => hub.stop());

  function breakChannel(id: string, act: () => never | Promise<never>): void {
    Object.assign(hub.channels.open(id).log, { append: act, next: act });
  }

  function fail(): never {
    throw fault;
  }

  it.each([
    ['at once', fail],
    ['later', async () => fail()],
  ])('%s is answered 500 with an id and no more, and logged with its cause beside that', async (_when, act) => {
    breakChannel('broken', act);
    const answer = await fetch(`${hub.url}/pub?id=broken`, { method: 'POST', body: 'hello' });
    expect(answer.status).toBe(500);
    expect(answer.headers.get('content-type')).toBe('text/plain');
    const text = await answer.text();
    expect(log.lines).toEqual([
      {
        level: 'error',
        facts: { location: '/pub', code: 'internal', error: fault, fault: expect.any(String) },
        sentence: '500: The hub failed: x is undefined',
      },
    ]);
    expect(text).toBe(`The hub failed; its log has the cause beside "fault":"${log.lines[0]?.facts.fault}".\n`);
  });

  it('in the device API is told as problem details', async () => {
    // No plugin wants this type; what one wants is stored by a commit of the engine, together with the journal's entry.
    breakChannel('devices/fan-1/events/pressure', fail);
    const answer = await fetch(`${hub.url}/v1/devices/fan-1/events/pressure`, { method: 'POST', body: '{}' });
    expect(answer.status).toBe(500);
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    const problem = (await answer.json()) as { code: string; detail: string };
    const { fault: id, ...facts } = log.lines[0]?.facts ?? {};
    expect(facts).toEqual({ api: 'event', code: 'internal', error: fault });
    expect([problem.code, problem.detail]).toEqual(['internal', expect.stringContaining(`"${id}"`)]);
    expect(problem.detail).not.toContain(fault.message);
  });

  it('while a poll looks for its history is logged, and the client is let poll again', async () => {
    const away = new EngineError('engine_unavailable', 'It does not answer.');
    breakChannel('broken', () => Promise.reject(away));
    const answer = await fetch(`${hub.url}/sub?id=broken`);
    expect(answer.status).toBe(304);
    expect(log.lines.map(({ facts }) => facts)).toEqual([
      { location: '/sub', code: 'engine_unavailable', error: away },
    ]);
  });

  it('repeated by a hostile client fills no disk, and tells nothing that the client sent', async () => {
    breakChannel('secret-id', fail);
    for (let i = 0; i < 40; i++) await fetch(`${hub.url}/pub?id=secret-id`, { method: 'POST', body: 'hello' });
    expect(log.lines).toHaveLength(10);
    expect(JSON.stringify(log.lines)).not.toContain('secret-id');
  });
});

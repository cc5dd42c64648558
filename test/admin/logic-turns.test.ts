import { afterEach, expect, it } from '@jest/globals';
import type { HandedTurn } from '../../src/logic/external/logic-servers.js';
import { eventually } from '../support/eventually.js';
import { startTestHub, type TestHub } from '../support/start-hub.js';
import { AdminClient } from './support/admin-client.js';

const TOKEN = '0123456789abcdef';
const YAML = `
limits: { stop_timeout: 0s }
plugins: { thermostat: { enabled: off } }
logic_servers:
  off: { enabled: off, events: ['#'] }
  heating:
    token: ${TOKEN}
    events: [devices/+/events/temperature]
    grants:
      command: [{ device: '#', names: [bell], rate: 1/d }]
      state: 1k
`;

let hub: TestHub;
afterEach(() => hub.stop());

/** Asks with the token, unless other headers are given; every answer is held against the description of the API. */
async function askAs(admin: AdminClient, method: string, path: string, body?: unknown, headers?: object) {
  const shown = { Authorization: `Bearer ${TOKEN}`, ...headers };
  return admin.ask(`/v1/logic/heating/turns/${path}`, { method, body, headers: shown });
}

it('Turns are taken, read for and answered as the description of the API says, with every status of it', async () => {
  hub = await startTestHub({ yaml: YAML });
  const admin = await AdminClient.of(hub.adminUrl);
  const ask = (method: string, path: string, body?: unknown, headers?: object) =>
    askAs(admin, method, path, body, headers);
  const post = (device: string) =>
    fetch(`${hub.url}/v1/devices/${device}/events/temperature`, { method: 'POST', body: '{}' });
  const take = async (device: string): Promise<HandedTurn> => {
    await post(device);
    return (await ask('POST', 'next')).json[0];
  };

  await ask('POST', 'next?wait=0');
  for (const [method, path] of [
    ['POST', 'next'],
    ['POST', 'a'],
    ['GET', 'a/state'],
  ] as const) {
    await ask(method, `${path}?unknown=1`);
    await ask(method, path, undefined, { Host: 'evil.example' });
    await ask(method, path, undefined, { Authorization: 'Bearer x' });
    await admin.ask(`/v1/logic/ghost/turns/${path}`, { method });
  }
  await admin.ask('/v1/logic/off/turns/next', { method: 'POST' });
  const waiting = Array.from({ length: 32 }, () => ask('POST', 'next?wait=30'));
  await eventually('32 wait', async () => (await ask('POST', 'next?wait=0')).status === 429);
  for (let i = 0; i < 32; i++) await post(`d${i}`);
  // 16 turns are out at a time.
  const first: { json: HandedTurn[] }[] = [];
  for (const each of waiting) each.then((told) => first.push(told));
  await eventually('16 are out', () => first.length === 16);
  for (const { json } of first) expect((await ask('POST', json[0]?.lock as string, {})).status).toBe(204);
  await Promise.all(waiting.map(async (each) => ask('POST', (await each).json[0].lock, {})));

  const turn = await take('fan-1');
  await ask('GET', `${turn.lock}/state?key=fan-1`);
  await ask('GET', `${turn.lock}/state?key=${'%20'}`);
  await ask('POST', turn.lock, '{');
  await ask('POST', turn.lock, 'x', { 'Content-Type': 'text/plain' });
  await ask('POST', turn.lock, { skip: 'x'.repeat(2 ** 21) });
  await ask('POST', turn.lock, { comands: [] });
  const bell = { device: 'fan-1', name: 'bell' };
  await ask('POST', turn.lock, { commands: [bell, bell] });
  await ask('POST', turn.lock, { commands: [{ ...bell, name: 'horn' }] });
  await ask('POST', turn.lock, { state: [{ name: 'a', value: 'x'.repeat(2_000) }] });
  await ask('POST', turn.lock, {});
  await ask('GET', `${turn.lock}/state`);

  const [a, b] = [await take('a'), await take('b')];
  for (const { lock } of [a, b]) await ask('GET', `${lock}/state?name=n`);
  for (const { lock } of [a, b]) await ask('POST', lock, { state: [{ name: 'n', value: 1 }] });

  const { contract } = admin;
  const promised = contract.promised.filter((promise) => /^(nextTurns|answerTurn|readTurnState) /.test(promise));
  expect(promised.filter((promise) => !contract.met.has(promise))).toEqual([
    'nextTurns 500',
    'answerTurn 500',
    // While the engine is away.
    'answerTurn 503',
    // A loop of plugins: test/logic/turns.test.ts.
    'answerTurn 508',
    'readTurnState 500',
  ]);
});

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { isLoopback, isOwnHost } from '../../src/admin/own-host.js';
import { closeRawClients, RawClient } from '../support/raw-client.js';
import { RecordedLog } from '../support/recorded-log.js';
import { startTestHub, type TestHub } from '../support/start-hub.js';
import { AdminClient } from './support/admin-client.js';

let hub: TestHub;
let admin: AdminClient;
let log: RecordedLog;

beforeEach(async () => {
  log = new RecordedLog();
  hub = await startTestHub({ logger: log });
  admin = await AdminClient.of(hub.adminUrl);
  log.lines.length = 0;
});

afterEach(async () => {
  closeRawClients();
  await hub.stop();
});

function rawClient(): Promise<RawClient> {
  return RawClient.connect({ host: hub.host, port: hub.adminPort });
}

describe('The admin API', () => {
  it.each([
    ['/'],
    ['/admin'],
    ['/admin/'],
    ['/admin/nothing?x=1'],
    ['/admin/channels/'],
    ['/admin/channels/a/b'],
    ['/sub?id=a'],
    ['/v1/devices/fan-1/commands'],
  ])('has nothing at %s and tells where it has something', async (path) => {
    const { status, json } = await admin.get(path);
    expect([status, json.code]).toEqual([404, 'not_found']);
    expect(json.detail).toContain('but at /admin/channels, /admin/channels/:id, ');
  });

  it('tells how an id with a slash is written', async () => {
    expect((await admin.get('/admin/channels/a/b')).json.detail).toMatch(/write its "\/" as %2F\.$/);
  });

  it.each(['/admin/channels', '/admin/stats', '/healthz'])('is not to be had at the public port: %s', async (path) => {
    expect((await fetch(hub.url + path)).status).toBe(404);
  });

  it.each([
    ['POST', '/admin/channels', 'GET, HEAD, OPTIONS'],
    ['PUT', '/admin/channels/a%2Fb', 'DELETE, GET, HEAD, OPTIONS'],
    ['PATCH', '/admin/channels/a/messages?limit=1', 'GET, HEAD, OPTIONS, POST'],
    ['DELETE', '/healthz', 'GET, HEAD, OPTIONS'],
    ['PROPFIND', '/admin/stats', 'GET, HEAD, OPTIONS'],
  ])('refuses %s %s and tells the methods', async (method, path, allowed) => {
    const { status, headers, json } = await admin.ask(path, { method });
    expect([status, headers.allow, json.code]).toEqual([405, allowed, 'method_not_allowed']);
    expect(json.detail).toBe(`${method} is not allowed here; allowed are ${allowed}.`);
  });

  it('answers OPTIONS with the methods, and lets no page of another site in', async () => {
    const headers = { Origin: 'http://evil.example', 'Access-Control-Request-Method': 'DELETE' };
    const answer = await admin.ask('/admin/channels/a', { method: 'OPTIONS', headers });
    expect([answer.status, answer.headers.allow]).toEqual([204, 'DELETE, GET, HEAD, OPTIONS']);
    expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
  });

  it('answers HEAD as GET, without the body', async () => {
    const { status, headers, text } = await admin.ask('/admin/channels', { method: 'HEAD' });
    expect([status, headers['content-length'], text]).toEqual([200, '27', '']);
  });

  it('lets nothing be kept by caches', async () => {
    for (const path of ['/admin/channels', '/admin/nothing']) {
      expect((await admin.get(path)).headers['cache-control']).toBe('no-store');
    }
  });

  it.each(['evil.example', 'evil.example:8081', 'localhost.evil.example', '127.0.0.1.evil.example'])(
    'on a loopback address is not to be had as %s',
    async (host) => {
      const { status, json } = await admin.ask('/admin/channels', { headers: { Host: host } });
      expect([status, json.code]).toEqual([421, 'misdirected_request']);
      expect(json.detail).toContain(`was asked as "${host}"`);
    },
  );

  it.each(['localhost', 'localhost:8081', '127.0.0.1', '[::1]:8081', '192.168.1.7', 'hub.localhost', 'LOCALHOST'])(
    'is to be had as %s',
    async (host) => {
      expect((await admin.ask('/healthz', { headers: { Host: host } })).status).toBe(200);
    },
  );

  it('answers what is no HTTP with a problem and ends the connection', async () => {
    const client = await rawClient();
    const answer = await client.ask('GET /healthz HTTP/1.1\r\nHost localhost\r\n\r\n');
    expect([answer.status, JSON.parse(answer.text).code]).toEqual([400, 'bad_request']);
    expect(await client.end()).toBe('');
  });

  it('bounds the head of a request', async () => {
    const client = await rawClient();
    const answer = await client.ask(`GET /healthz HTTP/1.1\r\nHost: localhost\r\nX: ${'x'.repeat(40_000)}\r\n\r\n`);
    expect([answer.status, JSON.parse(answer.text).detail]).toEqual([
      400,
      'The request cannot be read as HTTP (HPE_HEADER_OVERFLOW).',
    ]);
  });

  it('logs none of what clients did wrong', async () => {
    await admin.get('/admin/nothing');
    await admin.post('/admin/channels/a/messages', {});
    expect(log.lines).toEqual([]);
  });
});

describe('A host', () => {
  it.each([undefined, '', 'localhost.', '[fe80::1]', '10.0.0.1:80'])('of %j may be this machine itself', (host) => {
    expect(isOwnHost(host)).toBe(true);
  });

  it.each(['hub', 'hub.example', '1.2.3', '[::1', 'local host', 'notlocalhost'])('of %j is another name', (host) => {
    expect(isOwnHost(host)).toBe(false);
  });

  it.each([
    ['127.0.0.1', true],
    ['127.9.9.9', true],
    ['::1', true],
    ['::ffff:127.0.0.1', true],
    ['192.168.127.1', false],
    ['::', false],
    ['', false],
  ])('address %j is a loopback address: %p', (address, expected) => {
    expect(isLoopback(address)).toBe(expected);
  });
});

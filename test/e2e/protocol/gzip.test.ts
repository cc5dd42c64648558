import { gunzipSync } from 'node:zlib';
import { expect, it } from '@jest/globals';
import { nextConditions, ownLines } from './support/lines.js';
import { atBothDoors } from './support/push-hub.js';
import { get, type Lines } from './support/requests.js';

const LOCATIONS = `
locations:
  - { path: /pub, channel: $arg_id, publisher: on }
  - { path: /sub, channel: $arg_id, subscriber: on }
  - { path: /zip, channel: $arg_id, subscriber: on, gzip: on }
`;

const TEXT = 'a line that comes again\n'.repeat(50);
const VARY = 'If-None-Match, If-Modified-Since';

// The lane leaves a location with gzip to Fastify, so its requests are cold.
atBothDoors('gzip', LOCATIONS, (hub) => {
  it('compresses a stored and a live message; Etag and Last-Modified stay', async () => {
    await hub().publish('a', TEXT, { 'Content-Type': 'text/csv' });
    const lines = { 'Accept-Encoding': 'br, gzip' };
    const stored = await hub().askCold(get('/zip?id=a', lines));
    expect(stored.statusLine).toBe('HTTP/1.1 200 OK');
    expect(stored.framing).toBe('length');
    expect(gunzipSync(stored.body).toString()).toBe(TEXT);
    expect(ownLines(stored)).toEqual({
      'Content-Type': 'text/csv',
      'Content-Encoding': 'gzip',
      'Content-Length': String(stored.body.length),
      'Last-Modified': 'Thu, 15 Jan 2026 12:00:00 GMT',
      Etag: '0',
      Vary: `${VARY}, Accept-Encoding`,
    });
    const client = await hub().connect();
    hub().count({ cold: 1 });
    client.send(get('/zip?id=a', { ...lines, ...nextConditions(stored) }));
    await hub().parks('a', 1);
    expect((await hub().publish('a', TEXT)).status).toBe(201);
    const live = await client.response();
    expect(gunzipSync(live.body).toString()).toBe(TEXT);
    expect(live.header('Etag')).toBe('1');
    expect((await client.ask(get('/zip?id=a'))).text).toBe(TEXT);
  });

  it.each<[string | undefined, boolean]>([
    [undefined, false],
    ['gzip', true],
    ['x-gzip', true],
    ['GZIP', true],
    ['deflate, gzip;q=0.5', true],
    ['gzip;q=0', false],
    ['gzip; q=0.000', false],
    ['identity', false],
    ['gzipped', false],
    ['*', false],
  ])('with Accept-Encoding %p compresses: %p', async (accepted, isCompressed) => {
    await hub().publish('a', TEXT);
    const lines: Lines = accepted === undefined ? {} : { 'Accept-Encoding': accepted };
    const response = await hub().askCold(get('/zip?id=a', lines));
    expect(response.header('Content-Encoding')).toBe(isCompressed ? 'gzip' : undefined);
    expect(response.header('Vary')).toBe(`${VARY}, Accept-Encoding`);
    if (!isCompressed) expect(response.text).toBe(TEXT);
  });

  it('leaves short messages, and locations without it, as they are', async () => {
    const lines = { 'Accept-Encoding': 'gzip' };
    await hub().publish('a', 'short');
    expect((await hub().askCold(get('/zip?id=a', lines))).text).toBe('short');
    await hub().publish('b', TEXT);
    const plain = await hub().ask(get('/sub?id=b', lines));
    expect([plain.text, plain.header('Vary')]).toEqual([TEXT, VARY]);
  });

  it('keeps the order of what waits behind a poll on its connection', async () => {
    const client = await hub().connect();
    hub().count({ cold: 1 });
    client.send(get('/zip?id=a', { 'Accept-Encoding': 'gzip' }), get('/pub?id=a'));
    await hub().parks('a', 1);
    await hub().publish('a', TEXT);
    expect(gunzipSync((await client.response()).body).toString()).toBe(TEXT);
    expect((await client.response()).text).toMatch(/^queued messages: 1\r\n/);
  });
});

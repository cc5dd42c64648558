import { describe, expect, it } from '@jest/globals';
import { NO_BODY, ownLines, plainInfo } from './support/lines.js';
import { atBothDoors } from './support/push-hub.js';
import { get, head, post, withBody } from './support/requests.js';

const LIMIT = 1024 * 1024;
/** Bodies beyond this one the lane hands over. */
const LANE_LIMIT = 64 * 1024;

/** Bytes in which a piece that is missing, doubled or moved is seen. */
function bytes(length: number): Buffer {
  const made = Buffer.alloc(length);
  for (let i = 0; i < length; i++) made[i] = (i * 7 + (i >> 8)) & 0xff;
  return made;
}

function chunked(body: Buffer, sizes: readonly number[]): Buffer {
  const pieces: Buffer[] = [];
  let at = 0;
  for (const size of [...sizes, body.length - sizes.reduce((sum, n) => sum + n, 0)].filter((n) => n > 0)) {
    pieces.push(Buffer.from(`${size.toString(16)}\r\n`), body.subarray(at, at + size), Buffer.from('\r\n'));
    at += size;
  }
  return Buffer.concat([...pieces, Buffer.from('0\r\n\r\n')]);
}

atBothDoors("A message's body", '', (hub) => {
  it.each([0, 1, 8 * 1024, 16 * 1024, 16 * 1024 + 1, LANE_LIMIT - 1, LANE_LIMIT])(
    'of %d bytes is stored and delivered as it is',
    async (length) => {
      const body = bytes(length);
      expect((await hub().publish('a', body)).text).toBe(plainInfo(1, 0, 0));
      const response = await hub().poll('a');
      expect(response.body.equals(body)).toBe(true);
      expect(response.header('Content-Length')).toBe(String(length));
      const waiting = await hub().park('b');
      expect((await hub().publish('b', body)).status).toBe(201);
      expect((await waiting.response()).body.equals(body)).toBe(true);
    },
  );

  it.each([LANE_LIMIT + 1, 900 * 1024, LIMIT - 1, LIMIT])(
    'of %d bytes is stored and delivered as it is',
    async (length) => {
      const body = bytes(length);
      expect((await hub().askCold(post('/pub?id=a', body))).text).toBe(plainInfo(1, 0, 0));
      const response = await hub().poll('a');
      expect(response.body.equals(body)).toBe(true);
      expect(response.framing).toBe('length');
    },
  );

  it('may have any byte', async () => {
    const body = Buffer.from(Array.from({ length: 256 }, (_, i) => i));
    await hub().publish('a', body);
    expect((await hub().poll('a')).body).toEqual(body);
  });

  it('that comes without a length is empty, and delivered as such', async () => {
    expect((await hub().ask(head('POST', '/pub?id=a'))).text).toBe(plainInfo(1, 0, 0));
    const response = await hub().poll('a');
    expect(response.statusLine).toBe('HTTP/1.1 200 OK');
    expect(ownLines(response)).toMatchObject({ ...NO_BODY, Etag: '0' });
    const waiting = await hub().park('b');
    expect((await hub().publish('b', '')).status).toBe(201);
    expect(ownLines(await waiting.response())).toMatchObject({ ...NO_BODY, Etag: '0' });
    expect((await hub().publish('b', 'next')).status).toBe(202);
  });

  it('that comes in chunks is joined', async () => {
    const body = bytes(70_000);
    const request = [head('POST', '/pub?id=a', { 'Transfer-Encoding': 'chunked' }), chunked(body, [1, 5, 65_536])];
    const client = await hub().connect();
    hub().count({ cold: 1 });
    expect((await client.ask(...request)).status).toBe(202);
    expect((await client.ask(...request)).text).toBe(plainInfo(2, 0, 0));
    expect((await hub().poll('a')).body.equals(body)).toBe(true);
  });

  it('that comes in chunks may be empty', async () => {
    const request = `${head('POST', '/pub?id=a', { 'Transfer-Encoding': 'chunked' })}0\r\n\r\n`;
    expect((await hub().askCold(request)).status).toBe(202);
    expect(ownLines(await hub().poll('a'))).toMatchObject(NO_BODY);
  });

  it('that is cut into packets is joined, and stored when its last byte is there', async () => {
    const client = await hub().connect();
    const request = post('/pub?id=a', bytes(300));
    for (const byte of request.subarray(0, -1)) await client.sent(Buffer.from([byte]));
    hub().count({ hot: 1 });
    expect(hub().hub.channels.find('a')).toBeUndefined();
    expect((await client.ask(request.subarray(-1))).status).toBe(202);
    expect((await hub().poll('a')).body.equals(bytes(300))).toBe(true);
  });

  it('is asked for with 100 Continue when the client waits for that', async () => {
    const client = await hub().connect();
    hub().count({ cold: 1 });
    const told = await client.ask(head('POST', '/pub?id=a', { 'Content-Length': '5', Expect: '100-continue' }));
    expect(told.statusLine).toBe('HTTP/1.1 100 Continue');
    expect((await client.ask('hello')).status).toBe(202);
    expect((await hub().poll('a')).text).toBe('hello');
    expect((await client.ask(get('/pub?id=a'))).status).toBe(200);
  });

  it('that is too large is refused before the client that waits for 100 Continue has sent it', async () => {
    const client = await hub().connect();
    hub().count({ cold: 1 });
    const lines = { 'Content-Length': String(LIMIT + 1), Expect: '100-continue' };
    const response = await client.ask(head('POST', '/pub?id=a', lines));
    expect(response.status).toBe(413);
    expect(ownLines(response, 'close')).toMatchObject({ 'Content-Type': 'text/plain' });
  });

  it('is not asked for where nothing is served', async () => {
    const lines = { 'Content-Length': '5', Expect: '100-continue' };
    const response = await hub().askCold(head('POST', '/nowhere', lines));
    expect(response.status).toBe(404);
    expect(response.header('Connection')).toBe('close');
  });

  it('of one byte more than the limit is refused with a sentence, taken off the wire, and the connection ends', async () => {
    const client = await hub().connect();
    hub().count({ cold: 1 });
    const response = await client.ask(post('/pub?id=a', bytes(LIMIT + 1)));
    expect(response.statusLine).toBe('HTTP/1.1 413 Payload Too Large');
    expect(ownLines(response, 'close')).toMatchObject({ 'Content-Type': 'text/plain' });
    expect(response.text).toBe(
      'The body has 1048577 bytes; this URL takes 1048576 at most (maxBodySize). Nothing was stored.\n',
    );
    expect(await client.end()).toBe('');
    expect(hub().hub.channels.find('a')).toBeUndefined();
  });

  it('that grows past the limit in chunks is refused the same way', async () => {
    const client = await hub().connect();
    hub().count({ cold: 1 });
    const body = chunked(bytes(LIMIT + 1), [LIMIT - 1, 1]);
    const response = await client.ask(head('POST', '/pub?id=a', { 'Transfer-Encoding': 'chunked' }), body);
    expect(response.status).toBe(413);
    expect(ownLines(response, 'close')).toMatchObject({ 'Content-Type': 'text/plain' });
    expect(await client.end()).toBe('');
    expect(hub().hub.channels.find('a')).toBeUndefined();
  });
});

const LARGER = `
locations:
  - { path: /small, channel: $arg_id, publisher: on, maxBodySize: 10 }
  - { path: /large, channel: $arg_id, publisher: on, maxBodySize: 3M }
  - { path: /sub, channel: $arg_id, subscriber: on }
`;

atBothDoors('maxBodySize', LARGER, (hub) => {
  it('is that of the location', async () => {
    expect((await hub().ask(post('/small?id=a', bytes(10)))).status).toBe(202);
    expect((await hub().askCold(post('/small?id=a', bytes(11)))).status).toBe(413);
    const body = bytes(3 * LIMIT);
    expect((await hub().askCold(post('/large?id=b', body))).status).toBe(202);
    expect((await hub().poll('b')).body.equals(body)).toBe(true);
    expect((await hub().askCold(post('/large?id=b', bytes(3 * LIMIT + 1)))).status).toBe(413);
  });

  it.each(['PUT', 'DELETE', 'PATCH'])('holds for %s as well', async (method) => {
    expect((await hub().askCold(withBody(method, '/small?id=a', bytes(11)))).status).toBe(413);
  });
});

describe.each([
  ['text/html; charset=utf-8'],
  ['FooBar; x="y z"'],
  ['application/x-www-form-urlencoded'],
  ['multipart/form-data; boundary=----x'],
  ['x'.repeat(300)],
  ['text/plain;charset=\xfc\xe4'],
  ['*'],
])('The Content-Type %s', (contentType) => {
  atBothDoors('of a message', '', (hub) => {
    it('is delivered verbatim, and the body is not decoded', async () => {
      const body = 'a=%20b+c&d=\xe9';
      await hub().publish('a', body, { 'Content-Type': contentType });
      const stored = await hub().poll('a');
      expect(stored.header('Content-Type')).toBe(contentType);
      expect(stored.text).toBe(body);
      const waiting = await hub().park('b');
      await hub().publish('b', body, { 'Content-Type': contentType });
      expect((await waiting.response()).header('Content-Type')).toBe(contentType);
    });
  });
});

const TYPES = `
locations:
  - { path: /pub, channel: $arg_id, publisher: on }
  - { path: /sub, channel: $arg_id, subscriber: on }
  - { path: /typed, channel: $arg_id, subscriber: on, defaultType: "text/plain; charset=utf-8" }
`;

atBothDoors('What belongs to a message', TYPES, (hub) => {
  it.each([[{}], [{ 'Content-Type': '' }]])(
    'has no Content-Type when the publisher sent %j, unless the location has a default',
    async (lines) => {
      await hub().publish('a', 'x', lines);
      expect((await hub().poll('a')).header('Content-Type')).toBeUndefined();
      expect((await hub().ask(get('/typed?id=a'))).header('Content-Type')).toBe('text/plain; charset=utf-8');
      const waiting = await hub().park('b', get('/typed?id=b'));
      const untyped = await hub().park('b');
      await hub().publish('b', 'x', lines);
      expect((await waiting.response()).header('Content-Type')).toBe('text/plain; charset=utf-8');
      expect((await untyped.response()).header('Content-Type')).toBeUndefined();
    },
  );

  it('keeps the type that the publisher sent where the location has another by default', async () => {
    await hub().publish('a', 'x', { 'Content-Type': 'text/csv' });
    expect((await hub().ask(get('/typed?id=a'))).header('Content-Type')).toBe('text/csv');
  });

  it('is nothing else of the publisher’s head', async () => {
    const lines = {
      'Content-Encoding': 'gzip',
      'Content-Language': 'de',
      'Cache-Control': 'no-store',
      'X-Own': '1',
      'X-EventSource-Event': 'e',
      Etag: '9',
      'Last-Modified': 'Thu, 01 Jan 1970 00:00:00 GMT',
    };
    await hub().publish('a', 'x', { ...lines, 'Content-Type': 'a/b' });
    expect(ownLines(await hub().poll('a'))).toEqual({
      'Content-Type': 'a/b',
      'Content-Length': '1',
      'Last-Modified': 'Thu, 15 Jan 2026 12:00:00 GMT',
      Etag: '0',
      Vary: 'If-None-Match, If-Modified-Since',
    });
  });
});

import { METHODS } from 'node:http';
import { expect, it } from '@jest/globals';
import { nextConditions, ownLines } from './support/lines.js';
import { atBothDoors } from './support/push-hub.js';
import { get, head, post, withBody } from './support/requests.js';

const ALLOWED = 'GET, OPTIONS';

atBothDoors('A subscriber', '', (hub) => {
  it('gets a message that is stored and one that it waits for with the same head', async () => {
    await hub().publish('a', 'now', { 'Content-Type': 'text/html; charset=utf-8' });
    hub().clock.advance(5_000);
    const stored = await hub().poll('a');
    const waiting = await hub().park('b');
    await hub().publish('b', 'now', { 'Content-Type': 'text/html; charset=utf-8' });
    const live = await waiting.response();
    const lines = {
      'Content-Type': 'text/html; charset=utf-8',
      'Content-Length': '3',
      Etag: '0',
      Vary: 'If-None-Match, If-Modified-Since',
    };
    expect(stored.statusLine).toBe('HTTP/1.1 200 OK');
    expect(ownLines(stored)).toEqual({ ...lines, 'Last-Modified': 'Thu, 15 Jan 2026 12:00:00 GMT' });
    expect(live.statusLine).toBe('HTTP/1.1 200 OK');
    expect(ownLines(live)).toEqual({ ...lines, 'Last-Modified': 'Thu, 15 Jan 2026 12:00:05 GMT' });
    expect([stored.text, live.text]).toEqual(['now', 'now']);
    expect(live.headerNames.toSorted()).toEqual(stored.headerNames.toSorted());
  });

  it('goes through all messages by returning Last-Modified and Etag, then waits; reading removes nothing', async () => {
    const sent = ['m1', 'm2', 'm3', 'm4', 'm5'];
    for (const [i, body] of sent.entries()) {
      if (i === 3) hub().clock.advance(1_000);
      await hub().publish('a', body);
    }
    for (let round = 0; round < 2; round++) {
      const client = await hub().connect();
      let conditions: Record<string, string> = { 'If-Modified-Since': '', 'If-None-Match': '' };
      const got: [string, string | undefined][] = [];
      for (let i = 0; i < sent.length; i++) {
        const response = await client.ask(get('/sub?id=a', conditions));
        got.push([response.text, response.header('Etag')]);
        conditions = nextConditions(response);
      }
      expect(got).toEqual([
        ['m1', '0'],
        ['m2', '1'],
        ['m3', '2'],
        ['m4', '0'],
        ['m5', '1'],
      ]);
      client.send(get('/sub?id=a', conditions));
      hub().count({ hot: 6 });
      await hub().parks('a', round + 1);
    }
    expect((await hub().info('a', 'text/json')).text).toBe('{"messages": 5, "requested": 0, "subscribers": 2 }');
  });

  it.each(['POST', 'PUT', 'DELETE', 'PATCH'])('is told 405 for %s, which changes nothing', async (method) => {
    const ask = method === 'POST' ? 'ask' : 'askCold';
    for (const request of [
      head(method, '/sub?id=a'),
      withBody(method, '/sub?id=a', 'GET /sub?id=b HTTP/1.1\r\n\r\n'),
    ]) {
      const response = await hub()[ask](request);
      expect(response.statusLine).toBe('HTTP/1.1 405 Method Not Allowed');
      expect(response.text).toBe(`${method} is not allowed here; allowed are ${ALLOWED}.\n`);
      expect(ownLines(response)).toMatchObject({ Allow: ALLOWED, 'Content-Type': 'text/plain' });
    }
    expect((await hub().info('a')).status).toBe(404);
  });

  it('does not have the body of a refused POST read as its next request', async () => {
    const client = await hub().connect();
    hub().count({ hot: 2 });
    expect((await client.ask(post('/sub?id=a', get('/sub?id=b')))).status).toBe(405);
    expect((await client.ask(get('/pub?id=b'))).status).toBe(404);
    expect(client.unread).toBe('');
  });

  it.each(METHODS.filter((method) => !['GET', 'POST', 'HEAD', 'OPTIONS', 'CONNECT'].includes(method)))(
    'is told 405 with Allow for %s',
    async (method) => {
      const response = await hub().askCold(head(method, '/sub?id=a'));
      expect(response.statusLine).toBe('HTTP/1.1 405 Method Not Allowed');
      expect(response.header('Allow')).toBe(ALLOWED);
    },
  );

  it('is told 405 with Allow for HEAD, without a body', async () => {
    const response = await hub().askCold(head('HEAD', '/sub?id=a'), { head: true });
    expect(response.statusLine).toBe('HTTP/1.1 405 Method Not Allowed');
    expect(response.header('Allow')).toBe(ALLOWED);
  });

  it.each(['/sub', '/sub?id=', '/sub?other=a'])('is told 404 with a sentence at %s', async (target) => {
    for (const response of [
      await hub().ask(get(target)),
      await hub().ask(post(target, 'x')),
      await hub().askCold(head('OPTIONS', target)),
    ]) {
      expect([response.status, response.text]).toEqual([404, 'No channel id provided.']);
      expect(response.header('Content-Type')).toBe('text/plain');
    }
  });

  it.each<Record<string, string>>([
    { Range: 'bytes=0-0' },
    { 'Cache-Control': 'no-cache' },
    { Pragma: 'no-cache' },
    { Accept: 'application/nothing' },
    { 'If-Match': '"x"' },
    { 'If-Unmodified-Since': 'Thu, 01 Jan 1970 00:00:01 GMT' },
    { 'If-Range': '"x"' },
    { 'Last-Event-ID': '1768478400:1' },
    { Origin: 'http://elsewhere' },
  ])('gets the message whatever it says with %j', async (lines) => {
    await hub().publish('a', 'whole');
    await hub().publish('a', 'second');
    const response = await hub().poll('a', lines);
    expect([response.statusLine, response.text]).toEqual(['HTTP/1.1 200 OK', 'whole']);
    expect(Object.keys(ownLines(response)).toSorted()).toEqual([
      'Content-Length',
      'Content-Type',
      'Etag',
      'Last-Modified',
      'Vary',
    ]);
  });

  it.each<Record<string, string>>([
    { TE: 'trailers' },
    { Connection: 'Upgrade', Upgrade: 'websocket', 'Sec-WebSocket-Key': 'x' },
  ])('gets the message at the other door with %j', async (lines) => {
    await hub().publish('a', 'whole');
    const response = await hub().askCold(get('/sub?id=a', lines));
    expect([response.status, response.text]).toEqual([200, 'whole']);
  });

  it('answers where nothing is served with a problem', async () => {
    const response = await hub().askCold(get('/nowhere?id=a'));
    expect(response.status).toBe(404);
    expect(response.header('Content-Type')).toBe('application/problem+json');
    expect(JSON.parse(response.text)).toMatchObject({ code: 'location_not_found', status: 404 });
  });
});

atBothDoors('A channel id', '', (hub) => {
  it.each([
    ['%C3%A9', '%c3%a9'],
    ['sp%20ace', 'sp+ace'],
    ['a%2Fb', 'a/b'],
    ['Case', 'case'],
    ['x', 'x%00'],
    ['a;b', 'a'],
  ])('is compared as it was sent: %s is not %s', async (one, other) => {
    await hub().publish(one, 'for one');
    expect((await hub().info(other)).status).toBe(404);
    expect((await hub().poll(one)).text).toBe('for one');
  });

  it('is the first argument with that name, in any case, wherever it stands', async () => {
    await hub().publish('a', 'x');
    for (const query of ['ID=a', 'Id=a', 'x=1&id=a', 'id=a&id=b', 'xid=b&id=a', 'id=a&ID=b', '&&id=a&']) {
      expect((await hub().ask(get(`/sub?${query}`))).text).toBe('x');
    }
  });

  it.each([1, 254, 255, 256, 1023, 1024])('may have %d characters', async (length) => {
    const id = 'i'.repeat(length);
    await hub().publish(id, 'x');
    expect((await hub().info(id)).status).toBe(200);
    expect((await hub().poll(id)).text).toBe('x');
    if (length > 1) expect((await hub().info(id.slice(1))).status).toBe(404);
  });

  it('is cut to 1024 characters', async () => {
    const id = 'i'.repeat(1024);
    await hub().publish(`${id}more`, 'x');
    expect((await hub().poll(id)).text).toBe('x');
    expect((await hub().poll(`${id}other`)).text).toBe('x');
  });
});

const SHORT = `
locations:
  - { path: /pub, channel: $arg_id, publisher: on, max_channel_id_length: 10 }
  - { path: /sub, channel: $arg_id, subscriber: on }
`;

atBothDoors('max_channel_id_length', SHORT, (hub) => {
  it('cuts an id to its first characters', async () => {
    await hub().publish('abcdefghijKLM', 'x');
    expect((await hub().poll('abcdefghij')).text).toBe('x');
    expect((await hub().info('abcdefghijXYZ')).status).toBe(200);
    expect((await hub().info('abcdefghi')).status).toBe(404);
  });
});

const GROUPS = `
locations:
  - { path: /pub, channel: $arg_id, publisher: on }
  - { path: /sub, channel: $arg_id, subscriber: on }
  - { path: /g/pub, channel: $arg_id, publisher: on, channel_group: grp }
  - { path: /g/sub, channel: $arg_id, subscriber: on, channel_group: grp }
`;

atBothDoors('channel_group', GROUPS, (hub) => {
  it('is a name space of its own, which no id reaches', async () => {
    expect((await hub().ask(post('/g/pub?id=a', 'grouped'))).status).toBe(202);
    for (const id of ['a', 'grp/a', 'grp%00a', 'grp:a', 'grpa']) expect((await hub().info(id)).status).toBe(404);
    await hub().publish('a', 'plain');
    expect((await hub().ask(get('/g/sub?id=a'))).text).toBe('grouped');
    expect((await hub().poll('a')).text).toBe('plain');
    expect((await hub().askCold(head('DELETE', '/pub?id=a'))).status).toBe(200);
    expect((await hub().ask(get('/g/pub?id=a'))).status).toBe(200);
  });
});

const BOTH_ROLES = `
locations:
  - { path: /both, channel: $arg_id, publisher: on, subscriber: on }
  - { path: "~ ^/dev/([a-z]+)/(\\\\d+)$", channel: "$1-$2", publisher: on }
  - { path: /sub, channel: $arg_id, subscriber: on }
`;

atBothDoors('A location', BOTH_ROLES, (hub) => {
  it('with both roles subscribes on GET, and publishes otherwise', async () => {
    expect((await hub().ask(post('/both?id=a', 'x'))).status).toBe(202);
    expect((await hub().ask(get('/both?id=a'))).text).toBe('x');
    expect((await hub().askCold(head('DELETE', '/both?id=a'))).status).toBe(200);
    const refused = await hub().askCold(head('PATCH', '/both?id=a'));
    expect(refused.header('Allow')).toBe('GET, POST, PUT, DELETE, OPTIONS');
  });

  it('may take the channel from its path', async () => {
    expect((await hub().ask(post('/dev/fan/7', 'x'))).status).toBe(202);
    expect((await hub().poll('fan-7')).text).toBe('x');
  });

  it('is found for a path that is written otherwise', async () => {
    expect((await hub().askCold(post('/dev/../dev//fa%6E/7', 'x'))).status).toBe(202);
    expect((await hub().poll('fan-7')).text).toBe('x');
    expect((await hub().askCold(get('http://hub/sub?id=fan-7'))).text).toBe('x');
  });
});

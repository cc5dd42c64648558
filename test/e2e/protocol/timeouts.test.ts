import { expect, it } from '@jest/globals';
import { NO_BODY, nextConditions, ownLines } from './support/lines.js';
import { atBothDoors } from './support/push-hub.js';
import { get } from './support/requests.js';

const TIMED = `
locations:
  - { path: /pub, channel: $arg_id, publisher: on }
  - { path: /sub, channel: $arg_id, subscriber: long-poll, subscriber_timeout: 30s }
  - { path: /other, channel: $arg_id, subscriber: long-poll }
`;

atBothDoors('subscriber_timeout', TIMED, (hub) => {
  it('ends a poll with 304 and nothing else, whatever the poll named, and the connection goes on', async () => {
    await hub().publish('a', 'x');
    const conditions = nextConditions(await hub().poll('a'));
    for (const lines of [{}, conditions]) {
      const client = await hub().park('b', get('/sub?id=b', lines));
      hub().clock.advance(29_000);
      expect(hub().parked('b')).toBe(1);
      hub().clock.advance(3_000);
      const response = await client.response();
      expect(response.statusLine).toBe('HTTP/1.1 304 Not Modified');
      expect(ownLines(response)).toEqual(NO_BODY);
      expect(hub().parked('b')).toBe(0);
      client.send(get('/sub?id=b', lines));
      hub().count({ hot: 1 });
      await hub().parks('b', 1);
      hub().clock.advance(29_000);
      expect(hub().parked('b')).toBe(1);
      client.close();
      await hub().parks('b', 0);
    }
  });

  it('does not end a poll of a location that has none', async () => {
    const client = await hub().park('a', get('/other?id=a'));
    hub().clock.advance(2 * 3_600_000);
    expect(hub().parked('a')).toBe(1);
    await hub().publish('a', 'x');
    expect((await client.response()).text).toBe('x');
  });

  it('leaves a poll alone that got its message in time', async () => {
    const client = await hub().park('a');
    hub().clock.advance(29_000);
    await hub().publish('a', 'x');
    expect((await client.response()).text).toBe('x');
    hub().clock.advance(10_000);
    hub().count({ hot: 1 });
    expect((await client.ask(get('/sub?id=a'))).text).toBe('x');
    expect(client.unread).toBe('');
  });

  it('keeps a channel that somebody waits on', async () => {
    await hub().park('a', get('/other?id=a'));
    hub().clock.advance(2 * 3_600_000);
    expect((await hub().info('a', 'text/json')).text).toBe('{"messages": 0, "requested": 7200, "subscribers": 1 }');
  });
});

const INTERVAL = `
locations:
  - { path: /pub, channel: $arg_id, publisher: on }
  - { path: /sub, channel: $arg_id, subscriber: interval-poll }
`;

atBothDoors('An interval-poll', INTERVAL, (hub) => {
  it('without news is told 304 at once, and makes the channel', async () => {
    const response = await hub().poll('a');
    expect(response.statusLine).toBe('HTTP/1.1 304 Not Modified');
    expect(ownLines(response)).toEqual(NO_BODY);
    expect((await hub().info('a', 'text/json')).text).toBe('{"messages": 0, "requested": 0, "subscribers": 0 }');
  });

  it.each([['0'], ['"0"'], ['W/"7"'], ['garbage'], ['7-gzip']])(
    'that named %s is told that again, letter for letter, and no date',
    async (etag) => {
      const lines = { 'If-Modified-Since': 'Thu, 15 Jan 2026 12:00:00 GMT', 'If-None-Match': etag };
      expect(ownLines(await hub().poll('a', lines))).toEqual({ ...NO_BODY, Etag: etag });
    },
  );

  it('with a date alone is told 304 without a tag, or gets the message', async () => {
    const since = { 'If-Modified-Since': 'Thu, 15 Jan 2026 12:00:00 GMT' };
    expect(ownLines(await hub().poll('a', since))).toEqual(NO_BODY);
    await hub().publish('a', 'm1');
    expect(ownLines(await hub().poll('a', since))).toEqual(NO_BODY);
    await hub().publish('a', 'm2');
    expect((await hub().poll('a', since)).text).toBe('m2');
  });

  it('goes through the messages like a long-poll, on one connection', async () => {
    await hub().publish('a', 'm1', { 'Content-Type': 'a/b' });
    await hub().publish('a', 'm2');
    const client = await hub().connect();
    hub().count({ hot: 3 });
    const first = await client.ask(get('/sub?id=a'));
    expect(first.statusLine).toBe('HTTP/1.1 200 OK');
    expect(ownLines(first)).toEqual({
      'Content-Type': 'a/b',
      'Content-Length': '2',
      'Last-Modified': 'Thu, 15 Jan 2026 12:00:00 GMT',
      Etag: '0',
      Vary: 'If-None-Match, If-Modified-Since',
    });
    const second = await client.ask(get('/sub?id=a', nextConditions(first)));
    expect(second.text).toBe('m2');
    expect((await client.ask(get('/sub?id=a', nextConditions(second)))).status).toBe(304);
  });
});

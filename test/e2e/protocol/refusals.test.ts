import { expect, it } from '@jest/globals';
import type { RawResponse } from '../../support/raw-client.js';
import { NO_BODY, nextConditions, ownLines, plainInfo } from './support/lines.js';
import { atBothDoors } from './support/push-hub.js';
import { get, head, post } from './support/requests.js';

const CONCURRENCY = `
locations:
  - { path: /pub, channel: $arg_id, publisher: on }
  - { path: /sub, channel: $arg_id, subscriber: on }
  - { path: /first, channel: $arg_id, subscriber: on, subscriber_concurrency: first }
  - { path: /last, channel: $arg_id, subscriber: on, subscriber_concurrency: last }
`;

function expectConflict(response: RawResponse): void {
  expect(response.statusLine).toBe('HTTP/1.1 409 Conflict');
  expect(ownLines(response)).toEqual(NO_BODY);
}

atBothDoors('subscriber_concurrency first', CONCURRENCY, (hub) => {
  it('refuses the second subscriber with 409, whose connection goes on', async () => {
    const first = await hub().park('a', get('/first?id=a'));
    const client = await hub().connect();
    hub().count({ hot: 2 });
    expectConflict(await client.ask(get('/first?id=a', { Origin: 'http://elsewhere' })));
    expect(hub().parked('a')).toBe(1);
    await hub().publish('a', 'x');
    expect((await first.response()).text).toBe('x');
    expect((await client.ask(get('/first?id=a'))).text).toBe('x');
  });

  it('refuses it also when it asks for a stored message', async () => {
    await hub().publish('a', 'x');
    await hub().park('a', get('/first?id=a', nextConditions(await hub().ask(get('/first?id=a')))));
    expectConflict(await hub().ask(get('/first?id=a')));
  });

  it('lets the next one in when the first has left', async () => {
    const first = await hub().park('a', get('/first?id=a'));
    first.close();
    await hub().parks('a', 0);
    await hub().park('a', get('/first?id=a'));
  });
});

atBothDoors('subscriber_concurrency last', CONCURRENCY, (hub) => {
  it('refuses those who wait with 409 when another comes, those of other locations too', async () => {
    const earlier = [await hub().park('a'), await hub().park('a')];
    const client = await hub().connect();
    client.send(get('/last?id=a'));
    hub().count({ hot: 1 });
    for (const refused of earlier) expectConflict(await refused.response());
    await hub().parks('a', 1);
    await hub().publish('a', 'x');
    expect((await client.response()).text).toBe('x');
    hub().count({ hot: 1 });
    expect((await earlier[0]?.ask(get('/sub?id=a')))?.text).toBe('x');
  });

  it('refuses them also when the other only asks for a stored message', async () => {
    await hub().publish('a', 'x');
    const waiting = await hub().park('a', get('/last?id=a', nextConditions(await hub().poll('a'))));
    expect((await hub().ask(get('/last?id=a'))).text).toBe('x');
    expectConflict(await waiting.response());
  });

  it('ends the connection with the conflict where the client asked for that', async () => {
    const waiting = await hub().park('a', head('GET', '/sub?id=a', {}, 'HTTP/1.0'));
    await hub().park('b');
    const client = await hub().connect();
    client.send(get('/last?id=a'));
    hub().count({ hot: 1 });
    const response = await waiting.response();
    expect(response.statusLine).toBe('HTTP/1.1 409 Conflict');
    expect(ownLines(response, 'close')).toEqual(NO_BODY);
    expect(await waiting.end()).toBe('');
    expect(hub().parked('b')).toBe(1);
  });
});

const REFUSALS = `
locations:
  - { path: /pub, channel: $arg_id, publisher: on }
  - { path: /sub, channel: $arg_id, subscriber: on }
  - { path: /known, channel: $arg_id, subscriber: on, authorized_channels_only: on }
  - { path: /few, channel: $arg_id, subscriber: on, max_channel_subscribers: 2 }
`;

atBothDoors('authorized_channels_only', REFUSALS, (hub) => {
  it('refuses a channel that does not exist with 403, and does not make it', async () => {
    const client = await hub().connect();
    hub().count({ hot: 2 });
    const refused = await client.ask(get('/known?id=a'));
    expect(refused.statusLine).toBe('HTTP/1.1 403 Forbidden');
    expect(ownLines(refused)).toMatchObject({ 'Content-Type': 'text/plain' });
    expect(refused.text).toBe('This channel does not exist, and only existing ones may be subscribed to here.\n');
    expect((await hub().info('a')).status).toBe(404);
    await hub().publish('a', 'x');
    expect((await client.ask(get('/known?id=a'))).text).toBe('x');
  });

  it('takes a channel that a PUT or another subscriber made', async () => {
    await hub().askCold(head('PUT', '/pub?id=a'));
    await hub().park('a', get('/known?id=a'));
    await hub().park('b');
    await hub().park('b', get('/known?id=b'));
  });

  it('refuses a channel again that was deleted', async () => {
    await hub().publish('a', 'x');
    await hub().askCold(head('DELETE', '/pub?id=a'));
    expect((await hub().ask(get('/known?id=a'))).status).toBe(403);
  });
});

atBothDoors('max_channel_subscribers', REFUSALS, (hub) => {
  it('refuses one more with 403 and nothing else, also for a stored message', async () => {
    await hub().publish('a', 'x');
    const last = nextConditions(await hub().poll('a'));
    const waiting = await hub().park('a', get('/few?id=a', last));
    await hub().park('a', get('/few?id=a', last));
    for (const lines of [{}, last]) {
      const refused = await hub().ask(get('/few?id=a', lines));
      expect(refused.statusLine).toBe('HTTP/1.1 403 Forbidden');
      expect(ownLines(refused)).toEqual(NO_BODY);
    }
    waiting.close();
    await hub().parks('a', 1);
    expect((await hub().ask(get('/few?id=a'))).text).toBe('x');
  });
});

atBothDoors('A channel that is deleted', '', (hub) => {
  it('tells all that wait 410 and nothing else, and their connections go on', async () => {
    await hub().publish('a', 'x');
    const last = nextConditions(await hub().poll('a'));
    const clients = [await hub().park('a', get('/sub?id=a', last)), await hub().park('a', get('/sub?id=a', last))];
    expect((await hub().askCold(head('DELETE', '/pub?id=a'))).text).toBe(plainInfo(1, 0, 2));
    for (const client of clients) {
      const response = await client.response();
      expect(response.statusLine).toBe('HTTP/1.1 410 Gone');
      expect(ownLines(response)).toEqual(NO_BODY);
    }
    for (const client of clients) client.send(get('/sub?id=a', last));
    hub().count({ hot: 2 });
    await hub().parks('a', 2);
    expect((await hub().publish('a', 'new')).status).toBe(201);
    for (const client of clients) expect((await client.response()).text).toBe('new');
  });

  it('gives a later message to who comes back with an old position, also within the same second', async () => {
    for (const body of ['m1', 'm2', 'm3']) await hub().publish('a', body);
    await hub().askCold(head('DELETE', '/pub?id=a'));
    await hub().publish('a', 'new');
    const lines = { 'If-Modified-Since': 'Thu, 15 Jan 2026 12:00:00 GMT', 'If-None-Match': '2' };
    expect((await hub().poll('a', lines)).text).toBe('new');
  });
});

const FULL = `
limits: { max_reserved_memory: 64k, max_channels: 2 }
locations:
  - { path: /pub, channel: $arg_id, publisher: on }
  - { path: /sub, channel: $arg_id, subscriber: on }
`;

atBothDoors('A hub that is full', FULL, (hub) => {
  it('refuses a message with 507 and a sentence, and takes it when there is room', async () => {
    await hub().publish('a', 'x'.repeat(60_000));
    const refused = await hub().publish('b', 'y'.repeat(60_000));
    expect(refused.statusLine).toBe('HTTP/1.1 507 Insufficient Storage');
    expect(ownLines(refused)).toMatchObject({ 'Content-Type': 'text/plain' });
    expect(refused.text).toMatch(/^The message needs 60160 bytes, and the hub holds .* of 65536 bytes .*\.\n$/s);
    await hub().askCold(head('DELETE', '/pub?id=a'));
    expect((await hub().publish('b', 'y'.repeat(60_000))).status).toBe(202);
  });

  it('refuses one more channel with 507 to whoever would make it', async () => {
    await hub().publish('a', 'x');
    await hub().publish('b', 'x');
    const refusals = [
      await hub().ask(post('/pub?id=c', 'x')),
      await hub().ask(get('/sub?id=c')),
      await hub().askCold(head('PUT', '/pub?id=c')),
    ];
    for (const response of refusals) {
      expect(response.status).toBe(507);
      expect(response.text).toMatch(/^The hub has 2 channels, as many as limits\.max_channels allows; .*\n$/s);
    }
    expect((await hub().publish('b', 'y')).status).toBe(202);
  });
});

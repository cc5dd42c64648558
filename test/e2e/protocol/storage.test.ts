import { expect, it } from '@jest/globals';
import { nextConditions, plainInfo } from './support/lines.js';
import { atBothDoors, type PushHub } from './support/push-hub.js';
import { get, post } from './support/requests.js';

const STORAGE = `
locations:
  - { path: /pub, channel: $arg_id, publisher: on }
  - { path: /two, channel: $arg_id, publisher: on, message_buffer_length: 2 }
  - { path: /twenty, channel: $arg_id, publisher: on, max_message_buffer_length: 20 }
  - { path: /mixed, channel: $arg_id, publisher: on, min_message_buffer_length: 2, max_message_buffer_length: 5 }
  - { path: /zero, channel: $arg_id, publisher: on, message_buffer_length: 0 }
  - { path: /brief, channel: $arg_id, publisher: on, message_timeout: 2s }
  - { path: /ever, channel: $arg_id, publisher: on, message_timeout: 0 }
  - { path: /live, channel: $arg_id, publisher: on, store_messages: off }
  - { path: /sub, channel: $arg_id, subscriber: on }
  - { path: /once, channel: $arg_id, subscriber: on, delete_oldest_received_message: on }
  - { path: /once2, channel: $arg_id, subscriber: on, delete_oldest_received_message: on, min_message_buffer_length: 2 }
  - { path: /fresh, channel: $arg_id, subscriber: on, ignore_queue_on_no_cache: on }
  - { path: /long, channel: $arg_id, subscriber: on, channel_timeout: 1m }
`;

/** Publishes m1, m2, .. on the channel `a`. */
function publishAll(hub: PushHub, path: string, count: number): Promise<void> {
  const bodies = Array.from({ length: count }, (_, i) => `m${i + 1}`);
  return hub.publishAll('a', bodies, path);
}

async function stored(hub: PushHub): Promise<number> {
  return JSON.parse((await hub.info('a', 'text/json')).text).messages;
}

atBothDoors('A buffer', STORAGE, (hub) => {
  it.each([
    ['/pub', 25, 10, 'm16', '15'],
    ['/twenty', 25, 20, 'm6', '5'],
    ['/two', 5, 2, 'm4', '3'],
    ['/mixed', 7, 5, 'm3', '2'],
    ['/mixed', 1, 1, 'm1', '0'],
  ])('of %s with %d messages keeps %d, the oldest is %s', async (path, count, kept, oldest, etag) => {
    await publishAll(hub(), path, count);
    expect(await stored(hub())).toBe(kept);
    const response = await hub().poll('a');
    expect([response.text, response.header('Etag')]).toEqual([oldest, etag]);
  });

  it('of length 0 keeps nothing, and who waits gets the message', async () => {
    await publishAll(hub(), '/zero', 2);
    expect(await stored(hub())).toBe(0);
    const waiting = await hub().park('a');
    expect((await hub().ask(post('/zero?id=a', 'live'))).text).toBe(plainInfo(0, 0, 0));
    expect((await waiting.response()).text).toBe('live');
  });

  it('loses one message with each that comes through a location with a smaller one', async () => {
    await publishAll(hub(), '/twenty', 20);
    await publishAll(hub(), '/two', 3);
    expect(await stored(hub())).toBe(20);
    expect((await hub().poll('a')).text).toBe('m4');
  });
});

atBothDoors('message_timeout', STORAGE, (hub) => {
  it('ends a message', async () => {
    await hub().ask(post('/brief?id=a', 'x'));
    hub().clock.advance(1_999);
    expect((await hub().poll('a')).text).toBe('x');
    hub().clock.advance(1);
    expect(await stored(hub())).toBe(0);
    const waiting = await hub().park('a');
    await hub().publish('a', 'y');
    expect((await waiting.response()).text).toBe('y');
  });

  it('passes over an expired message that stands behind one which has not', async () => {
    await hub().ask(post('/ever?id=a', 'm1'));
    await hub().ask(post('/brief?id=a', 'm2'));
    await hub().ask(post('/ever?id=a', 'm3'));
    hub().clock.advance(2_000);
    expect((await hub().poll('a', nextConditions(await hub().poll('a')))).text).toBe('m3');
  });

  it('of 0 keeps a message without end', async () => {
    await hub().ask(post('/ever?id=a', 'x'));
    hub().clock.advance(7_200_000);
    expect((await hub().poll('a')).text).toBe('x');
  });
});

atBothDoors('store_messages off', STORAGE, (hub) => {
  it('gives a message to those who wait and keeps none; positions still rise', async () => {
    expect((await hub().ask(post('/live?id=a', 'lost'))).text).toBe(plainInfo(0, 0, 0));
    let waiting = await hub().park('a');
    expect((await hub().ask(post('/live?id=a', 'm1'))).status).toBe(201);
    const first = await waiting.response();
    expect([first.text, first.header('Etag')]).toEqual(['m1', '1']);
    waiting = await hub().park('a', get('/sub?id=a', nextConditions(first)));
    await hub().ask(post('/live?id=a', 'm2'));
    const second = await waiting.response();
    expect([second.text, second.header('Etag')]).toEqual(['m2', '2']);
    expect(await stored(hub())).toBe(0);
  });
});

atBothDoors('delete_oldest_received_message', STORAGE, (hub) => {
  it.each([
    ['/once', ['m1', 'm2', 'm3', 'm4', 'm4']],
    ['/once2', ['m1', 'm2', 'm3', 'm3']],
  ])('drops the oldest as it is read, down to the least of %s', async (path, expected) => {
    await publishAll(hub(), '/pub', 4);
    const got: string[] = [];
    for (let i = 0; i < expected.length; i++) got.push((await hub().ask(get(`${path}?id=a`))).text);
    expect(got).toEqual(expected);
  });

  it('drops no message that is not the oldest, and none for a location without it', async () => {
    await publishAll(hub(), '/pub', 3);
    const first = await hub().poll('a');
    expect((await hub().ask(get('/once?id=a', nextConditions(first)))).text).toBe('m2');
    expect(await stored(hub())).toBe(3);
  });

  it('drops a message that went to who waited for it when more are kept than the least', async () => {
    const waiting = await hub().park('a', get('/once?id=a'));
    await hub().publish('a', 'm1');
    expect((await waiting.response()).text).toBe('m1');
    expect(await stored(hub())).toBe(1);
  });
});

atBothDoors('ignore_queue_on_no_cache', STORAGE, (hub) => {
  it.each<Record<string, string>>([
    { 'Cache-Control': 'no-cache' },
    { Pragma: 'no-cache' },
    { 'Cache-Control': 'No-Cache' },
    { 'Cache-Control': 'max-age=0, no-cache' },
  ])('makes a poll with %j wait for a new message', async (lines) => {
    await hub().publish('a', 'old');
    const waiting = await hub().park('a', get('/fresh?id=a', lines));
    await hub().publish('a', 'new');
    expect((await waiting.response()).text).toBe('new');
  });

  it.each<Record<string, string>>([{}, { 'Cache-Control': 'max-age=0' }, { 'Cache-Control': 'x-no-cache' }])(
    'does not with %j',
    async (lines) => {
      await hub().publish('a', 'old');
      expect((await hub().ask(get('/fresh?id=a', lines))).text).toBe('old');
    },
  );
});

atBothDoors('channel_timeout', STORAGE, (hub) => {
  it('forgets a channel that has been without messages, subscribers and requests for longer', async () => {
    await hub().ask(post('/live?id=a', 'x'));
    hub().clock.advance(4_000);
    expect((await hub().info('a')).status).toBe(200);
    hub().clock.advance(3_000);
    expect((await hub().info('a')).status).toBe(404);
  });

  it('begins when the last message expired or the last subscriber left', async () => {
    await hub().ask(post('/brief?id=a', 'x'));
    const waiting = await hub().park('b');
    hub().clock.advance(5_000);
    expect((await hub().info('a')).status).toBe(200);
    hub().clock.advance(60_000);
    expect((await hub().info('a')).status).toBe(404);
    expect((await hub().info('b')).status).toBe(200);
    waiting.close();
    await hub().parks('b', 0);
    hub().clock.advance(7_000);
    expect((await hub().info('b')).status).toBe(404);
  });

  it('is that of the location which used the channel last', async () => {
    const waiting = await hub().park('a', get('/long?id=a'));
    waiting.close();
    await hub().parks('a', 0);
    hub().clock.advance(59_000);
    expect((await hub().info('a')).status).toBe(200);
    hub().clock.advance(3_000);
    expect((await hub().info('a')).status).toBe(404);
  });

  it('does not touch a channel with a message', async () => {
    await hub().ask(post('/ever?id=a', 'x'));
    hub().clock.advance(7_200_000);
    expect((await hub().poll('a')).text).toBe('x');
  });
});

atBothDoors('A clock that is set back', STORAGE, (hub) => {
  it('loses no message: positions go on rising', async () => {
    await hub().publish('a', 'm1');
    const first = await hub().poll('a');
    hub().clock.setWall(hub().clock.now() - 3_600_000);
    await hub().publish('a', 'm2');
    const second = await hub().poll('a', nextConditions(first));
    expect([second.text, second.header('Last-Modified'), second.header('Etag')]).toEqual([
      'm2',
      first.header('Last-Modified'),
      '1',
    ]);
  });
});

import { METHODS } from 'node:http';
import { expect, it } from '@jest/globals';
import { NO_BODY, ownLines, plainInfo } from './support/lines.js';
import { atBothDoors } from './support/push-hub.js';
import { get, head, withBody } from './support/requests.js';

const ALLOWED = 'GET, POST, PUT, DELETE, OPTIONS';

atBothDoors('A publisher', '', (hub) => {
  it('is told 404 without a body of a channel that does not exist', async () => {
    const response = await hub().info('a');
    expect(response.statusLine).toBe('HTTP/1.1 404 Not Found');
    expect(ownLines(response)).toEqual(NO_BODY);
    expect(hub().hub.channels.find('a')).toBeUndefined();
  });

  it('is told the state of a channel that exists', async () => {
    await hub().publish('a', 'one');
    await hub().publish('a', 'two');
    hub().clock.advance(7_000);
    const response = await hub().info('a');
    expect(response.statusLine).toBe('HTTP/1.1 200 OK');
    expect(response.text).toBe(plainInfo(2, 7, 0));
    expect(ownLines(response)).toEqual({ 'Content-Type': 'text/plain', 'Content-Length': '80' });
  });

  it('is told 202 when nobody waits for its message, and 201 when somebody does', async () => {
    const stored = await hub().publish('a', 'one');
    expect(stored.statusLine).toBe('HTTP/1.1 202 Accepted');
    expect(stored.text).toBe(plainInfo(1, 0, 0));
    expect(ownLines(stored)).toEqual({ 'Content-Type': 'text/plain', 'Content-Length': '80' });
    const waiting = [await hub().park('b'), await hub().park('b')];
    const received = await hub().publish('b', 'two');
    expect(received.statusLine).toBe('HTTP/1.1 201 Created');
    expect(received.text).toBe(plainInfo(1, 0, 0));
    for (const client of waiting) expect((await client.response()).text).toBe('two');
    expect((await hub().publish('b', 'three')).status).toBe(202);
  });

  it('is told how many wait, and how long ago the last subscriber asked', async () => {
    await hub().park('a');
    await hub().park('a');
    hub().clock.advance(65_000);
    expect((await hub().info('a')).text).toBe(plainInfo(0, 65, 2));
    await hub().park('a');
    hub().clock.advance(1_999);
    expect((await hub().info('a')).text).toBe(plainInfo(0, 1, 3));
  });

  it('makes a channel with PUT, whose body is no message', async () => {
    for (const request of [head('PUT', '/pub?id=a'), withBody('PUT', '/pub?id=a', 'not a message')]) {
      const response = await hub().askCold(request);
      expect(response.statusLine).toBe('HTTP/1.1 200 OK');
      expect(response.text).toBe(plainInfo(0, 0, 0));
      expect(ownLines(response)['Content-Type']).toBe('text/plain');
    }
    expect((await hub().info('a')).status).toBe(200);
  });

  it('gives a message to nobody with PUT', async () => {
    const waiting = await hub().park('a');
    expect((await hub().askCold(withBody('PUT', '/pub?id=a', 'x'))).text).toBe(plainInfo(0, 0, 1));
    await hub().publish('a', 'y');
    expect((await waiting.response()).text).toBe('y');
  });

  it('deletes a channel once, and is told its state as it was before; a body is passed over', async () => {
    await hub().publish('a', 'one');
    const response = await hub().askCold(withBody('DELETE', '/pub?id=a', 'no matter'));
    expect(response.statusLine).toBe('HTTP/1.1 200 OK');
    expect(response.text).toBe(plainInfo(1, 0, 0));
    expect((await hub().info('a')).status).toBe(404);
    const second = await hub().askCold(head('DELETE', '/pub?id=a'));
    expect(second.statusLine).toBe('HTTP/1.1 404 Not Found');
    expect(ownLines(second)).toEqual(NO_BODY);
    expect((await hub().publish('a', 'new')).text).toBe(plainInfo(1, 0, 0));
  });

  it('deletes a channel that only subscribers made', async () => {
    await hub().park('a');
    expect((await hub().askCold(head('DELETE', '/pub?id=a'))).text).toBe(plainInfo(0, 0, 1));
    expect((await hub().info('a')).status).toBe(404);
  });

  it('gives a deleted channel that is made again positions that were never used', async () => {
    await hub().publish('a', 'old');
    await hub().askCold(head('DELETE', '/pub?id=a'));
    await hub().publish('a', 'new');
    const { headers, ...first } = await hub().poll('a');
    expect(first.body.toString()).toBe('new');
    expect(headers).toContainEqual(['Etag', '1']);
  });

  it('answers 405 with Allow to HEAD, without a body', async () => {
    const response = await hub().askCold(head('HEAD', '/pub?id=a'), { head: true });
    expect(response.statusLine).toBe('HTTP/1.1 405 Method Not Allowed');
    expect(ownLines(response)).toMatchObject({ Allow: ALLOWED, 'Content-Type': 'text/plain' });
  });

  it.each(METHODS.filter((method) => !`${ALLOWED}, HEAD, CONNECT`.split(', ').includes(method)))(
    'answers 405 with Allow to %s',
    async (method) => {
      const client = await hub().connect();
      hub().count({ cold: 1 });
      for (const request of [head(method, '/pub?id=a'), withBody(method, '/pub?id=a', 'body')]) {
        const response = await client.ask(request);
        expect(response.statusLine).toBe('HTTP/1.1 405 Method Not Allowed');
        expect(ownLines(response)).toMatchObject({ Allow: ALLOWED, 'Content-Type': 'text/plain' });
        expect(response.text).toBe(`${method} is not allowed here; allowed are ${ALLOWED}.\n`);
      }
      expect((await client.ask(get('/pub?id=a'))).status).toBe(404);
    },
  );

  it.each([
    ['CONNECT', head('CONNECT', '/pub?id=a')],
    ['CONNECT to an authority', head('CONNECT', 'hub:80')],
    ['a method that nobody knows', head('FROB', '/pub?id=a')],
    ['a method in lower case', head('get', '/pub?id=a')],
  ])('answers 405 with Allow to %s, and ends the connection', async (_what, request) => {
    const client = await hub().connect();
    hub().count({ cold: 1 });
    const response = await client.ask(request);
    expect(response.statusLine).toBe('HTTP/1.1 405 Method Not Allowed');
    expect(ownLines(response, 'close')).toMatchObject({ Allow: ALLOWED });
    expect(await client.end()).toBe('');
  });

  it('reads a GET that asks for a WebSocket as any other', async () => {
    await hub().publish('a', 'one');
    const upgrade = { Connection: 'Upgrade', Upgrade: 'websocket', 'Sec-WebSocket-Version': '13' };
    expect((await hub().askCold(get('/pub?id=a', upgrade))).text).toBe(plainInfo(1, 0, 0));
  });

  it.each(['/pub', '/pub?', '/pub?id=', '/pub?id', '/pub?other=a', '/pub?xid=a', '/pub?id=&id=a'])(
    'is told 404 with a sentence at %s, which names no channel, whatever the method',
    async (target) => {
      const told = [
        await hub().ask(get(target)),
        await hub().ask(head('POST', target)),
        await hub().askCold(head('PUT', target)),
        await hub().askCold(head('DELETE', target)),
        await hub().askCold(head('OPTIONS', target)),
      ];
      for (const response of told) {
        expect(response.statusLine).toBe('HTTP/1.1 404 Not Found');
        expect(response.text).toBe('No channel id provided.');
        expect(ownLines(response)).toEqual({ 'Content-Type': 'text/plain', 'Content-Length': '23' });
      }
      const asked = await hub().askCold(head('HEAD', target), { head: true });
      expect(asked.status).toBe(404);
      expect(ownLines(asked)).toEqual({ 'Content-Type': 'text/plain', 'Content-Length': '23' });
    },
  );

  it.each(['/pub/more/path?id=a', '/publish?id=a', '/pub/?id=a'])('publishes at %s too', async (target) => {
    expect((await hub().ask(head('POST', target))).status).toBe(202);
    expect((await hub().info('a')).status).toBe(200);
  });
});

import { expect, it } from '@jest/globals';
import { RawClient } from '../../support/raw-client.js';
import { nextConditions, ownLines, plainInfo } from './support/lines.js';
import { atBothDoors } from './support/push-hub.js';
import { get, head, post } from './support/requests.js';

const CLOSE = { Connection: 'close' };

atBothDoors('A long-poll', '', (hub) => {
  it('is answered with nothing until a message comes, and its connection takes the next poll', async () => {
    const client = await hub().park('a');
    await hub().publish('a', 'first');
    const first = await client.response();
    expect(first.text).toBe('first');
    client.send(get('/sub?id=a', nextConditions(first)));
    hub().count({ hot: 1 });
    await hub().parks('a', 1);
    expect(client.unread).toBe('');
    await hub().publish('a', 'second');
    expect((await client.response()).text).toBe('second');
  });

  it('shares a message with all that wait', async () => {
    const clients = [];
    for (let i = 0; i < 5; i++) clients.push(await hub().park('a'));
    expect((await hub().publish('a', 'x')).status).toBe(201);
    const heads = new Set<string>();
    for (const client of clients) {
      const response = await client.response();
      expect(response.text).toBe('x');
      heads.add(JSON.stringify(ownLines(response)));
    }
    expect(heads.size).toBe(1);
    expect((await hub().publish('a', 'y')).status).toBe(202);
  });

  it('gets a message of 900 KiB, and the connection goes on', async () => {
    const body = Buffer.alloc(900 * 1024, 'Signalbox ');
    const client = await hub().park('a');
    await hub().askCold(post('/pub?id=a', body));
    expect((await client.response()).body.equals(body)).toBe(true);
    hub().count({ hot: 1 });
    expect((await client.ask(get('/pub?id=a'))).status).toBe(200);
  });

  it('that wants its connection closed gets its answer and the end', async () => {
    await hub().publish('a', 'x');
    const client = await hub().connect();
    hub().count({ hot: 1 });
    const stored = await client.ask(get('/sub?id=a', CLOSE));
    expect(stored.text).toBe('x');
    ownLines(stored, 'close');
    expect(await client.end()).toBe('');
    const waiting = await hub().park('b', get('/sub?id=b', CLOSE));
    await hub().publish('b', 'y');
    const live = await waiting.response();
    expect(live.text).toBe('y');
    expect(ownLines(live, 'close')).toMatchObject({ Etag: '0' });
    expect(await waiting.end()).toBe('');
  });

  it('of HTTP/1.0 gets an answer of HTTP/1.1, and the end', async () => {
    const client = await hub().park('a', head('GET', '/sub?id=a', {}, 'HTTP/1.0'));
    await hub().publish('a', 'x');
    const response = await client.response();
    expect(response.statusLine).toBe('HTTP/1.1 200 OK');
    expect(response.framing).toBe('length');
    ownLines(response, 'close');
    expect(await client.end()).toBe('');
  });

  it('of HTTP/1.0 keeps its connection when it asks for that', async () => {
    const poll = head('GET', '/sub?id=a', { Connection: 'keep-alive' }, 'HTTP/1.0');
    const client = await hub().park('a', poll);
    await hub().publish('a', 'x');
    ownLines(await client.response());
    hub().count({ hot: 1 });
    expect((await client.ask(poll)).text).toBe('x');
  });

  it('of HTTP/1.0 needs no header line at all', async () => {
    await hub().publish('a', 'x');
    const client = await hub().connect();
    hub().count({ cold: 1 });
    expect((await client.ask('GET /sub?id=a HTTP/1.0\r\n\r\n')).text).toBe('x');
    expect(await client.end()).toBe('');
  });

  it.each([
    ['HTTP/1.1 without Host', 'GET /sub?id=a HTTP/1.1\r\nA: b\r\n\r\n', '400 Bad Request'],
    ['bare line feeds', 'GET /sub?id=a HTTP/1.1\nHost: h\n\n', '400 Bad Request'],
    ['HTTP/0.9', 'GET /sub?id=a\r\n\r\n', '505 HTTP Version Not Supported'],
  ])('of %s is refused, and the connection ends', async (_what, request, status) => {
    const client = await hub().connect();
    hub().count({ cold: 1 });
    const response = await client.ask(request);
    expect(response.statusLine).toBe(`HTTP/1.1 ${status}`);
    expect(ownLines(response, 'close')).toMatchObject({ 'Content-Type': 'text/plain' });
    expect(await client.end()).toBe('');
    expect(hub().hub.channels.find('a')).toBeUndefined();
  });
});

atBothDoors('Requests behind one another', '', (hub) => {
  it('are answered in their order', async () => {
    const client = await hub().connect();
    hub().count({ hot: 5 });
    client.send(post('/pub?id=a', '1'), post('/pub?id=a', '2'), get('/sub?id=a'), get('/pub?id=a'), get('/sub'));
    const told = [];
    for (let i = 0; i < 5; i++) told.push((await client.response()).text);
    expect(told).toEqual([plainInfo(1, 0, 0), plainInfo(2, 0, 0), '1', plainInfo(2, 0, 0), 'No channel id provided.']);
  });

  it('wait for a poll that came with them in one packet', async () => {
    const client = await hub().connect();
    hub().count({ hot: 2 });
    client.send(get('/sub?id=a'), get('/pub?id=a'));
    await hub().parks('a', 1);
    await hub().publish('a', 'x');
    expect((await client.response()).text).toBe('x');
    expect((await client.response()).text).toBe(plainInfo(1, 0, 0));
  });

  it('wait for a poll that they came behind, also cut into packets', async () => {
    const client = await hub().park('a');
    const later = get('/sub?id=b');
    await client.sent(later.slice(0, 10));
    await client.sent(later.slice(10), get('/pub?id=a'));
    // A request of another connection that is answered: the bytes above were read before it.
    await hub().info('a');
    expect([hub().parked('a'), hub().parked('b'), client.unread]).toEqual([1, 0, '']);
    hub().count({ hot: 2 });
    await hub().publish('a', 'x');
    expect((await client.response()).text).toBe('x');
    await hub().parks('b', 1);
    await hub().publish('b', 'y');
    expect((await client.response()).text).toBe('y');
    expect((await client.response()).text).toBe(plainInfo(1, 0, 0));
  });

  it('may be of the other door, behind a poll', async () => {
    const client = await hub().park('a');
    await client.sent(head('DELETE', '/pub?id=a'), get('/pub?id=a'));
    hub().count({ cold: 1 });
    await hub().publish('a', 'x');
    expect((await client.response()).text).toBe('x');
    expect((await client.response()).text).toBe(plainInfo(1, 0, 0));
    expect((await client.response()).status).toBe(404);
  });
});

atBothDoors('A client that leaves', '', (hub) => {
  it.each<[string, (client: RawClient) => void]>([
    ['closes', (client) => client.close()],
    ['resets', (client) => client.reset()],
    ['ends its side', (client) => client.endSending()],
  ])('is seen at once when it %s: it waits no longer', async (_how, leave) => {
    const client = await hub().park('a');
    const other = await hub().park('a');
    expect((await hub().info('a')).text).toBe(plainInfo(0, 0, 2));
    leave(client);
    await hub().parks('a', 1);
    expect((await hub().info('a')).text).toBe(plainInfo(0, 0, 1));
    leave(other);
    await hub().parks('a', 0);
    expect((await hub().publish('a', 'x')).status).toBe(202);
  });

  it('by ending its side while it waits gets the end', async () => {
    const client = await hub().park('a');
    client.endSending();
    expect(await client.end()).toBe('');
  });

  it('takes the requests along that it sent behind its poll', async () => {
    const client = await hub().park('a');
    await client.sent(post('/pub?id=b', 'never'));
    await hub().info('a');
    client.reset();
    await hub().parks('a', 0);
    expect((await hub().info('b')).status).toBe(404);
  });

  it('by ending its side right behind a request gets the answer, and then the end', async () => {
    for (const request of [post('/pub?id=a', 'x'), get('/pub?id=a'), get('/sub?id=a')]) {
      const client = await hub().connect();
      hub().count({ hot: 1 });
      client.send(request);
      client.endSending();
      expect([200, 202]).toContain((await client.response()).status);
      expect(await client.end()).toBe('');
    }
  });

  it('within a body has published nothing', async () => {
    const client = await hub().connect();
    const request = post('/pub?id=a', 'not whole');
    await client.sent(request.subarray(0, -1));
    client.endSending();
    await client.end();
    expect((await hub().info('a')).status).toBe(404);
  });
});

atBothDoors('A hub that stops', '', (hub) => {
  it('tells waiting polls 304, so that they poll again elsewhere, and ends their connections', async () => {
    const clients = [await hub().park('a'), await hub().park('b')];
    const stopped = hub().hub.stop();
    for (const client of clients) {
      const response = await client.response();
      expect(response.statusLine).toBe('HTTP/1.1 304 Not Modified');
      expect(ownLines(response, 'close')).toEqual({ 'Content-Length': '0' });
      expect(await client.end()).toBe('');
      client.close();
    }
    await stopped;
  });
});

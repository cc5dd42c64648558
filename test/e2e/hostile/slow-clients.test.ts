import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '../../support/eventually.js';
import { closeRawClients, RawClient } from '../../support/raw-client.js';
import { startTestHub, type TestHub } from '../../support/start-hub.js';
import { atEachDoor, type Door } from './support/doors.js';

const HOST = 'Host: h\r\n';
const POST = `POST /pub?id=slow HTTP/1.1\r\n${HOST}`;

/** Node's parser keeps its own time, so these hubs run in the machine's. */
const SHORT = 'limits: { head_timeout: 200ms, body_timeout: 200ms, keep_alive_timeout: 200ms }';

describe.each([
  ['the fast lane', true],
  ['Fastify', false],
])('A client that is slow to ask, at %s', (_door, fastLane) => {
  let hub: TestHub;
  beforeAll(async () => {
    hub = await startTestHub({ yaml: SHORT, fastLane });
  });
  afterEach(closeRawClients);
  afterAll(() => hub.stop());

  it.each([
    ['a head', 'GET /pub?id=slow HTTP/1.1\r\nX: '],
    ['a head that the lane hands over', 'GET //pub?id=slow HTTP/1.1\r\nX: '],
    ['a body', `${POST}Content-Length: 100000\r\n\r\n`],
    ['a body in chunks', `${POST}Transfer-Encoding: chunked\r\n\r\nfffff\r\n`],
  ])('has %s cut off with 408, though it sends a byte now and then', async (_what, begin) => {
    const client = await RawClient.connect(hub);
    client.send(begin);
    const dripping = setInterval(() => client.send('x'), 20);
    const response = await client.response().finally(() => clearInterval(dripping));
    expect([response.status, response.header('Connection')]).toEqual([408, 'close']);
    expect(await client.end()).toBe('');
    expect(hub.channels.find('slow')).toBeUndefined();
  });

  it('is closed without a word when it asks nothing', async () => {
    expect(await (await RawClient.connect(hub)).end()).toBe('');
  });

  it('is closed without a word when it asks nothing more', async () => {
    const client = await RawClient.connect(hub);
    expect((await client.ask(`GET /pub?id=slow HTTP/1.1\r\n${HOST}\r\n`)).status).toBe(404);
    expect(await client.end()).toBe('');
  });
});

atEachDoor('Bodies that are being received', 'limits: { max_receiving_size: 1M }', (door) => {
  const begin = (type: string) => `${POST}${type}\r\n\r\n`;
  const part = 'b'.repeat(400 * 1024);

  it('are bounded all together, and have room again when one has ended or gone', async () => {
    const [gone, whole, late] = [await door().connect(), await door().connect(), await door().connect()];
    gone.send(begin('Content-Length: 1000000'), part);
    whole.send(begin(`Content-Length: ${part.length + 1}`), part);
    const receiving = async () => (await door().hub.doorStats()).receivingBytes;
    await eventually('both are held', async () => (await receiving()) === 2 * part.length);
    late.send(begin('Transfer-Encoding: chunked'), `${part.length.toString(16)}\r\n`, part);
    const refused = await late.response();
    expect([refused.status, refused.header('Connection')]).toEqual([503, 'close']);
    expect(refused.text).toMatch(
      /^The hub is receiving bodies of \d+ bytes, and 1048576 are allowed \(limits\.max_rec/,
    );
    whole.send('b');
    expect((await whole.response()).status).toBe(202);
    gone.reset();
    await eventually('nothing is held', async () => (await receiving()) === 0);
    const again = await door().connect();
    expect((await again.ask(begin('Content-Length: 700000'), 'b'.repeat(700_000))).status).toBe(202);
    door().hub.channels.delete('slow');
  });
});

const BODY = Buffer.alloc(24 * 2 ** 20, 'b');
const LARGE = `
limits: { send_timeout: 60s, max_reserved_memory: 64M }
locations:
  - { path: /pub, channel: $arg_id, publisher: on, maxBodySize: 32M, message_timeout: 0 }
  - { path: /sub, channel: $arg_id, subscriber: on }
`;

atEachDoor('A client that is slow to read', LARGE, (door) => {
  beforeAll(async () => {
    const head = `POST /pub?id=large HTTP/1.1\r\n${HOST}Content-Length: ${BODY.length}\r\n\r\n`;
    const client = await door().connect();
    expect((await client.ask(head, BODY)).status).toBe(202);
    client.close();
  });

  const poll = `GET /sub?id=large HTTP/1.1\r\n${HOST}\r\n`;
  const delivered = () => door().hub.channels.find('large')?.delivered ?? 0;
  const connections = async () => (await door().hub.doorStats()).connections;

  it('is not served its next request before it has taken its answer, and is cut off when it takes nothing', async () => {
    const before = delivered();
    const stuck = await Reader.connect(door());
    stuck.socket.pause();
    stuck.socket.write(poll.repeat(20));
    await eventually('the first answer is on its way', () => delivered() === before + 1);
    // Another client is served meanwhile.
    const other = await Reader.connect(door());
    other.socket.write(poll);
    await other.takes(BODY.length);
    other.socket.destroy();
    expect(delivered()).toBe(before + 2);
    await eventually('the one that reads nothing is cut off', async () => {
      door().clock.advance(61_000);
      return (await connections()) === 0;
    });
    expect(delivered()).toBe(before + 2);
    stuck.socket.destroy();
  });

  it('gets all of it as long as it takes some now and then', async () => {
    const reader = await Reader.connect(door());
    reader.socket.write(poll);
    for (let part = 1; part <= 6; part++) {
      await reader.takes((part * BODY.length) / 8);
      reader.socket.pause();
      // What was taken makes room, and the hub sees it: here it runs in the same process.
      for (let turn = 0; turn < 10; turn++) await setImmediate();
      door().clock.advance(31_000);
      reader.socket.resume();
    }
    await reader.takes(BODY.length);
    reader.socket.destroy();
    await eventually('the connection is closed', async () => (await connections()) === 0);
  });

  it('gets one large answer behind the other', async () => {
    const reader = await Reader.connect(door());
    for (let answer = 1; answer <= 3; answer++) {
      reader.socket.write(poll);
      await reader.takes(answer * BODY.length);
    }
    reader.socket.destroy();
    await eventually('the connection is closed', async () => (await connections()) === 0);
  });

  it('and leaves in the middle of its answer is forgotten', async () => {
    const before = delivered();
    const reader = await Reader.connect(door());
    reader.socket.pause();
    reader.socket.write(poll);
    await eventually('the answer is on its way', () => delivered() === before + 1);
    reader.socket.resetAndDestroy();
    await eventually('the connection is closed', async () => (await connections()) === 0);
  });
});

/** A client that only counts what it takes. */
class Reader {
  private taken = 0;
  private isClosed = false;
  private changed: () => void = () => {};

  private constructor(readonly socket: Socket) {
    socket.on('data', (bytes: Buffer) => {
      this.taken += bytes.length;
      this.changed();
    });
    socket.on('close', () => {
      this.isClosed = true;
      this.changed();
    });
    // A reset is seen as `close`.
    socket.on('error', () => {});
  }

  static async connect({ hub: { host, port } }: Door): Promise<Reader> {
    const socket = connect({ host, port });
    await once(socket, 'connect');
    return new Reader(socket);
  }

  /** Waits until it has taken this many bytes in all. @throws when the hub ends the connection before */
  async takes(bytes: number): Promise<void> {
    while (this.taken < bytes) {
      if (this.isClosed) throw new Error(`The connection ended after ${this.taken} bytes instead of ${bytes}.`);
      await new Promise<void>((resolve) => {
        this.changed = resolve;
      });
    }
  }
}

atEachDoor('Connections beyond max_connections', 'limits: { max_connections: 3 }', (door) => {
  it('are closed at once, and others are taken when one has ended', async () => {
    const ask = `GET /pub?id=x HTTP/1.1\r\n${HOST}\r\n`;
    const clients: RawClient[] = [];
    for (let i = 0; i < 3; i++) {
      const client = await door().connect();
      expect((await client.ask(ask)).status).toBe(404);
      clients.push(client);
    }
    for (let i = 0; i < 20; i++) expect(await (await door().connect()).end()).toBe('');
    expect((await (clients[0] as RawClient).ask(ask)).status).toBe(404);
    clients[1]?.reset();
    clients[2]?.close();
    await eventually('two are gone', async () => (await door().hub.doorStats()).connections === 1);
    for (let i = 0; i < 2; i++) expect((await (await door().connect()).ask(ask)).status).toBe(404);
  });
});

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { emptyAnswer } from '../../../src/gateway/answers.js';
import { eventually } from '../../support/eventually.js';
import { closeRawClients, type RawClient } from '../../support/raw-client.js';
import { type Served, TestLane } from '../support/test-lane.js';

const GET = 'GET /lane HTTP/1.1\r\nHost: h\r\n\r\n';

function post(body: string): string {
  return `POST /lane HTTP/1.1\r\nHost: h\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
}

let lane: TestLane;
beforeEach(async () => {
  lane = await TestLane.start();
});
afterEach(async () => {
  closeRawClients();
  await lane.stop();
});

/** Waits until the lane serves its next request, which nothing answers yet. */
async function nextServed(count: number): Promise<Served['exchange']> {
  await eventually(`request ${count} is served`, () => lane.served.length === count);
  return (lane.served[count - 1] as Served).exchange;
}

describe('A request that is answered later', () => {
  it('holds back what comes behind it', async () => {
    const client = await lane.connect();
    await client.sent(post('1'), post('2'));
    await client.sent(post('3').slice(0, 20));
    const first = await nextServed(1);
    first.answer(emptyAnswer(201));
    expect((await client.response()).status).toBe(201);
    (await nextServed(2)).answer(emptyAnswer(202));
    expect((await client.response()).status).toBe(202);
    client.send(post('3').slice(20));
    (await nextServed(3)).answer(emptyAnswer(204));
    expect((await client.response()).status).toBe(204);
    expect(lane.served.map(({ body }) => body)).toEqual(['1', '2', '3']);
  });

  it('is answered once', async () => {
    const client = await lane.connect();
    client.send(GET);
    const exchange = await nextServed(1);
    exchange.answer(emptyAnswer(201));
    exchange.answer(emptyAnswer(202));
    exchange.end('timeout');
    expect((await client.response()).status).toBe(201);
    expect(client.unread).toBe('');
  });

  it('is answered to a client that has ended its side, and so is what came before the end', async () => {
    const client = await lane.connect();
    client.send(GET, GET);
    client.endSending();
    (await nextServed(1)).answer(emptyAnswer(201));
    (await nextServed(2)).answer(emptyAnswer(202));
    expect([(await client.response()).status, (await client.response()).status]).toEqual([201, 202]);
    expect(await client.end()).toBe('');
    await eventually('the lane has let go of it', () => lane.lane.size === 0);
  });

  it('is followed by a refusal of what its client did not finish', async () => {
    const client = await lane.connect();
    client.send(GET, GET.slice(0, 10));
    client.endSending();
    (await nextServed(1)).answer(emptyAnswer(201));
    expect([(await client.response()).status, (await client.response()).status]).toEqual([201, 400]);
  });

  it('is followed by the end where Node would be needed and the client has ended its side', async () => {
    const client = await lane.connect();
    client.send(GET, 'PUT /lane HTTP/1.1\r\nHost: h\r\n\r\n');
    client.endSending();
    (await nextServed(1)).answer(emptyAnswer(201));
    expect((await client.response()).status).toBe(201);
    expect(await client.end()).toBe('');
    expect(lane.handedOver).toEqual([]);
  });

  it('is the last one when more waits behind it than is kept', async () => {
    const client = await lane.connect();
    client.send(GET, post('b'.repeat(600)), GET);
    (await nextServed(1)).answer(emptyAnswer(201));
    const response = await client.response();
    expect([response.status, response.header('Connection')]).toEqual([201, 'close']);
    expect(await client.end()).toBe('');
    expect(lane.served).toHaveLength(1);
  });

  it('is forgotten when its client resets the connection', async () => {
    const client = await lane.connect();
    await client.sent(GET);
    const exchange = await nextServed(1);
    client.reset();
    await eventually('the lane has let go of it', () => lane.lane.size === 0);
    expect(exchange.isAnswered).toBe(true);
    exchange.answer(emptyAnswer(201));
  });
});

describe('A connection of the lane', () => {
  async function ends(client: RawClient, afterMs: number): Promise<string> {
    lane.clock.advance(afterMs);
    return client.end();
  }

  it('may be silent for head_timeout at its beginning', async () => {
    const client = await lane.connect();
    await eventually('it is accepted', () => lane.lane.size === 1);
    lane.clock.advance(9_000);
    expect(lane.lane.wheel.size).toBe(1);
    expect(await ends(client, 3_000)).toBe('');
  });

  it('may take body_timeout for a body, from the end of its head', async () => {
    const client = await lane.connect();
    await eventually('it is accepted', () => lane.lane.size === 1);
    lane.clock.advance(9_000);
    client.send(post('body').slice(0, -2));
    await eventually('the head is read', () => lane.lane.isServing);
    lane.clock.advance(29_000);
    client.send(post('body').slice(-2));
    (await nextServed(1)).answer(emptyAnswer(201));
    expect((await client.response()).status).toBe(201);
    client.send(post('body').slice(0, -2));
    await eventually('the head is read', () => lane.lane.isServing);
    lane.clock.advance(32_000);
    expect((await client.response()).status).toBe(408);
    expect(await client.end()).toBe('');
  });

  it('may be idle for keep_alive_timeout behind an answer, and is then ended', async () => {
    const client = await lane.connect();
    client.send(GET);
    (await nextServed(1)).answer(emptyAnswer(201));
    await client.response();
    lane.clock.advance(74_000);
    client.send(GET);
    (await nextServed(2)).answer(emptyAnswer(201));
    await client.response();
    expect(await ends(client, 77_000)).toBe('');
    expect(lane.lane.size).toBe(1);
    lane.clock.advance(5_000);
    await eventually('it is cut, for the client has not ended it', () => lane.lane.size === 0);
  });

  it('has no deadline while a request without one is under way', async () => {
    const client = await lane.connect();
    client.send(GET);
    await nextServed(1);
    expect(lane.lane.wheel.size).toBe(0);
  });

  it('drops what the client sends behind the last answer', async () => {
    const client = await lane.connect();
    client.send('GET /lane HTTP/1.0\r\nHost: h\r\n\r\n', GET);
    (await nextServed(1)).answer(emptyAnswer(201));
    expect((await client.response()).header('Connection')).toBe('close');
    client.send(GET, GET);
    expect(await client.end()).toBe('');
    expect(lane.served).toHaveLength(1);
  });
});

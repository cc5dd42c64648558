import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { emptyAnswer } from '../../../src/gateway/answers.js';
import { eventually } from '../../support/eventually.js';
import { closeRawClients } from '../../support/raw-client.js';
import { type Served, TestLane } from '../support/test-lane.js';

const GET = 'GET /lane HTTP/1.1\r\nHost: h\r\n\r\n';

let lane: TestLane;
beforeEach(async () => {
  lane = await TestLane.start();
});
afterEach(async () => {
  closeRawClients();
  await lane.stop();
});

describe('The fast lane', () => {
  it.each([
    ['another method', 'PUT /lane HTTP/1.1\r\nHost: h\r\n\r\nbody'],
    ['a target that it does not serve', 'GET /other HTTP/1.1\r\nHost: h\r\n\r\n'],
    ["a controller's path", 'GET /examples/form HTTP/1.1\r\nHost: h\r\n\r\n'],
    ['a path that must be made plain', 'GET /x/../lane HTTP/1.1\r\nHost: h\r\n\r\n'],
    ['a body beyond 64 KiB', 'POST /lane HTTP/1.1\r\nHost: h\r\nContent-Length: 65537\r\n\r\n'],
    ['a head that is too long', `GET /lane HTTP/1.1\r\nX: ${'x'.repeat(2_000)}`],
    ['a head that cannot become one of its own', 'PU'],
    ['a line feed alone', 'GET /lane HTTP/1.1\n'],
  ])('hands over %s, with every byte it has read, and lets go of the connection', async (_what, bytes) => {
    const client = await lane.connect();
    client.send(bytes);
    await eventually('it is handed over', () => lane.handedOver.length === 1);
    expect(lane.handedOver).toEqual([bytes]);
    expect([lane.lane.size, lane.lane.handedOver, lane.lane.served, lane.lane.wheel.size]).toEqual([0, 1, 0, 0]);
  });

  it('hands over what stands behind the requests that it served, and nothing of them', async () => {
    const client = await lane.connect();
    client.send(GET, 'DELETE /lane HTTP/1.1\r\nHost: h\r\n\r\n', GET);
    await eventually('one is served', () => lane.served.length === 1);
    (lane.served[0] as Served).exchange.answer(emptyAnswer(201));
    expect((await client.response()).status).toBe(201);
    await eventually('the rest is handed over', () => lane.handedOver.length === 1);
    expect(lane.handedOver).toEqual([`DELETE /lane HTTP/1.1\r\nHost: h\r\n\r\n${GET}`]);
  });

  it('counts its connections and the requests that it served', async () => {
    const clients = [await lane.connect(), await lane.connect()];
    for (const client of clients) client.send(GET);
    await eventually('both are served', () => lane.served.length === 2);
    expect([lane.lane.size, lane.lane.served, lane.lane.isServing]).toEqual([2, 2, true]);
    for (const { exchange } of lane.served) exchange.answer(emptyAnswer(201));
    expect(lane.lane.isServing).toBe(false);
  });

  it('ends idle connections when it stops, and others with their answer', async () => {
    const [idle, served, partial] = [await lane.connect(), await lane.connect(), await lane.connect()];
    served.send(GET);
    await partial.sent(GET.slice(0, 9));
    await eventually('all are here', () => lane.lane.size === 3 && lane.served.length === 1);
    lane.lane.stop();
    expect(await idle.end()).toBe('');
    (lane.served[0] as Served).exchange.answer(emptyAnswer(201));
    expect((await served.response()).header('Connection')).toBe('close');
    partial.send(GET.slice(9));
    await eventually('what was begun is served', () => lane.served.length === 2);
    (lane.served[1] as Served).exchange.answer(emptyAnswer(202));
    expect((await partial.response()).header('Connection')).toBe('close');
  });

  it('shares one buffer among connections, and still keeps their bytes apart', async () => {
    const clients = await Promise.all(Array.from({ length: 20 }, () => lane.connect()));
    const request = (i: number) =>
      `POST /lane HTTP/1.1\r\nHost: h\r\nContent-Length: 300\r\n\r\n${String(i % 10).repeat(300)}`;
    for (const part of [0, 1, 2, 3]) {
      for (const [i, client] of clients.entries()) client.send(request(i).slice(part * 100, part * 100 + 100));
      await Promise.all(clients.map((client) => client.sent('')));
    }
    await eventually('all are served', () => lane.served.length === 20);
    const bodies = lane.served.map(({ body }) => body).sort();
    expect(bodies).toEqual(clients.map((_, i) => String(i % 10).repeat(300)).sort());
  });
});

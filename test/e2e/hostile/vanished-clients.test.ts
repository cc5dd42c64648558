import { createHook } from 'node:async_hooks';
import { expect, it } from '@jest/globals';
import { eventually } from '../../support/eventually.js';
import type { RawClient } from '../../support/raw-client.js';
import { atEachDoor, type Door } from './support/doors.js';

const HOST = 'Host: h\r\n';

function poll(id: string): string {
  return `GET /sub?id=${id} HTTP/1.1\r\n${HOST}\r\n`;
}

async function publish(door: Door, id: string, body: string): Promise<number> {
  const client = await door.connect();
  const { status } = await client.ask(
    `POST /pub?id=${id} HTTP/1.1\r\n${HOST}Content-Length: ${body.length}\r\n\r\n${body}`,
  );
  client.close();
  return status;
}

const ways: readonly [how: string, leave: (client: RawClient) => void][] = [
  ['closes its connection', (client) => client.close()],
  ['resets its connection', (client) => client.reset()],
  ['ends its side', (client) => client.endSending()],
];

const behind: readonly [what: string, bytes: string][] = [
  ['nothing', ''],
  ['a request', `GET /pub?id=behind HTTP/1.1\r\n${HOST}\r\n`],
  ['part of a head', 'GET /pub?id=beh'],
  ['part of a body', `POST /pub?id=behind HTTP/1.1\r\n${HOST}Content-Length: 30000\r\n\r\n${'b'.repeat(20_000)}`],
  ['what is no HTTP', 'no HTTP\r\n\r\n'],
];

atEachDoor('A client that leaves while it waits', '', (door) => {
  describeWays((leave, bytes) => async () => {
    const client = await door().connect();
    await client.sent(poll('gone'));
    await eventually('the poll is parked', () => door().parked('gone') === 1);
    if (bytes !== '') await client.sent(bytes);
    leave(client);
    await eventually('the poll has left', () => door().parked('gone') === 0);
    await eventually('its connection is gone', async () => (await door().hub.doorStats()).connections === 0);
    expect(door().hub.channels.totals().parkedPolls).toBe(0);
    expect(await publish(door(), 'gone', 'x')).toBe(202);
    door().hub.channels.delete('gone');
    expect(await door().stored('behind')).toBeUndefined();
  });

  it('harms nobody else on its channel', async () => {
    const clients = await Promise.all(Array.from({ length: 30 }, () => door().connect()));
    for (const client of clients) client.send(poll('crowd'));
    await eventually('all are parked', () => door().parked('crowd') === 30);
    for (const [i, client] of clients.entries()) if (i % 3 === 0) i % 2 === 0 ? client.reset() : client.close();
    await eventually('ten have left', () => door().parked('crowd') === 20);
    expect(await publish(door(), 'crowd', 'for the rest')).toBe(201);
    for (const client of clients.filter((_, i) => i % 3 !== 0)) {
      expect((await client.response()).text).toBe('for the rest');
    }
  });

  it('in the moment of the delivery harms nobody', async () => {
    for (let round = 0; round < 10; round++) {
      const [leaver, stayer] = [await door().connect(), await door().connect()];
      leaver.send(poll('moment'));
      stayer.send(poll('moment'));
      await eventually('both are parked', () => door().parked('moment') === 2);
      leaver.reset();
      await publish(door(), 'moment', 'x');
      expect((await stayer.response()).text).toBe('x');
      door().hub.channels.delete('moment');
    }
  });

  it('has its place for one that was refused it', async () => {
    const client = await door().connect();
    await client.sent(poll('place'));
    await eventually('the poll is parked', () => door().parked('place') === 1);
    client.reset();
    await eventually('the poll has left', () => door().parked('place') === 0);
    const next = await door().connect();
    next.send(poll('place'));
    await publish(door(), 'place', 'x');
    expect((await next.response()).text).toBe('x');
  });
});

function describeWays(test: (leave: (client: RawClient) => void, bytes: string) => () => Promise<void>): void {
  for (const [how, leave] of ways) {
    for (const [what, bytes] of behind)
      it(`and ${how} leaves its channel at once, with ${what} behind it`, test(leave, bytes));
  }
}

const POLLS = 2_000;

atEachDoor(
  'Parked polls',
  'locations: [{ path: /sub, channel: $arg_id, subscriber: on, subscriber_timeout: 1h }]',
  (door) => {
    it('need no timer of their own', async () => {
      const timers = new Set<number>();
      const hook = createHook({
        init: (id, type) => void (type === 'Timeout' && timers.add(id)),
        destroy: (id) => void timers.delete(id),
      }).enable();
      const clients = await Promise.all(Array.from({ length: POLLS }, () => door().connect()));
      for (const [i, client] of clients.entries()) client.send(poll(`c${i % 100}`));
      await eventually('all are parked', () => door().hub.channels.totals().parkedPolls === POLLS);
      hook.disable();
      expect(timers.size).toBeLessThan(10);
      expect(process.getActiveResourcesInfo().filter((type) => type === 'Timeout').length).toBeLessThan(10);
    });
  },
);

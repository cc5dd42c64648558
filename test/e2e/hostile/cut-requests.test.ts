import { expect, it } from '@jest/globals';
import { eventually } from '../../support/eventually.js';
import { atEachDoor } from './support/doors.js';

/** Requests of the lane's shape and one that it hands over; each publishes its body. */
const requests: readonly [what: string, head: string, body: string][] = [
  [
    'a publish',
    'POST /pub?id=cut HTTP/1.1\r\nHost: h\r\nContent-Type: a/b\r\nContent-Length: 7\r\n\r\n',
    'a\r\n\r\n\0b',
  ],
  [
    'chunks',
    'POST /pub?id=cut HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n',
    '3\r\na\r\n\r\n4\r\n\r\n\0b\r\n0\r\n\r\n',
  ],
  ['a path that must be made plain', 'POST /x/..//pub?id=cut HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\n\r\n', 'x'],
];

atEachDoor('A request that is cut', '', (door) => {
  it.each(requests)('%s: in two at any byte is served as it is', async (_what, head, body) => {
    const client = await door().connect();
    for (const [first, second] of cuts(head + body)) {
      await client.sent(first);
      client.send(second);
      expect((await client.response()).status).toBe(202);
    }
    const times = head.length + body.length - 1;
    const messages = await door().stored('cut');
    expect(messages).toHaveLength(Math.min(times, 20));
    expect(new Set(messages).size).toBe(1);
    expect(door().hub.channels.find('cut')?.published).toBe(times);
    door().hub.channels.delete('cut');
  });

  it.each(requests)('%s: in single bytes is served as it is', async (_what, head, body) => {
    const client = await door().connect();
    for (const byte of head + body) await client.sent(byte);
    expect((await client.response()).status).toBe(202);
    door().hub.channels.delete('cut');
  });

  it.each(requests)('%s: and ended at any byte is refused, and not served', async (_what, head, body) => {
    for (const [first] of cuts(head + body)) {
      const client = await door().connect();
      client.send(first);
      client.endSending();
      const response = await client.response();
      expect([first, response.status, response.header('Connection')]).toEqual([first, 400, 'close']);
      expect(await client.end()).toBe('');
    }
    expect(await door().stored('cut')).toBeUndefined();
  });

  it.each(requests)(
    '%s: by a reset at any byte is not served, and its connection is gone',
    async (_what, head, body) => {
      for (const [first] of cuts(head + body)) {
        const client = await door().connect();
        await client.sent(first);
        client.reset();
      }
      await eventually('no connection is open', async () => (await door().hub.doorStats()).connections === 0);
      expect(await door().stored('cut')).toBeUndefined();
    },
  );

  it('into every third of two pipelined requests is served in order', async () => {
    const [[, head, body]] = requests as [(typeof requests)[0]];
    const both = `${head}${body}GET /pub?id=cut HTTP/1.1\r\nHost: h\r\n\r\n`;
    for (let at = 1; at < both.length - 1; at += 3) {
      const client = await door().connect();
      await client.sent(both.slice(0, at));
      client.send(both.slice(at));
      expect((await client.response()).status).toBe(202);
      const info = await client.response();
      expect([info.status, info.text.includes('queued messages: 1\r\n')]).toEqual([200, true]);
      door().hub.channels.delete('cut');
    }
  });
});

/** The two halves at every place between the first byte and the last. */
function cuts(bytes: string): (readonly [string, string])[] {
  return Array.from({ length: bytes.length - 1 }, (_, i) => [bytes.slice(0, i + 1), bytes.slice(i + 1)] as const);
}

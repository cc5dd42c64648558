import { afterEach, describe, expect, it } from '@jest/globals';
import { Failure } from '../../src/cli/failure.js';
import { type FollowOptions, follow } from '../../src/cli/follow.js';
import { type Act, message, ScriptedHub } from './support/scripted-hub.js';

let hub: ScriptedHub | undefined;
afterEach(async () => hub?.close());

/** Follows a scripted hub until `count` messages came; pauses pass at once and are noted. */
async function followed(script: Act[], count: number, options: Partial<FollowOptions> = {}) {
  hub = new ScriptedHub(script);
  const url = new URL(`${await hub.listen()}/sub?id=demo`);
  const bodies: string[] = [];
  const pauses: number[] = [];
  const troubles: string[] = [];
  const messages = follow({
    url,
    since: { behind: 'nothing' },
    signal: new AbortController().signal,
    tell: (trouble) => troubles.push(trouble),
    pause: async (ms) => pauses.push(ms),
    random: () => 1,
    ...options,
  });
  while (bodies.length < count) {
    const { value } = await messages.next();
    if (!value) break;
    bodies.push(value.body.toString());
  }
  return { bodies, pauses, troubles, asked: hub.requests.map(conditionOf) };
}

function conditionOf({ headers }: ScriptedHub['requests'][number]) {
  return [headers['if-modified-since'], headers['if-none-match']];
}

const NOTHING_NEW: Act = { status: 304, headers: { Date: 'Mon, 23 Nov 2026 08:16:54 GMT' } };

describe('following a channel', () => {
  it('asks for the oldest message, then for each next one with the date and the tag of the last', async () => {
    const { bodies, asked, pauses } = await followed(
      [message(1795421814, 0, 'a'), message(1795421814, 1, 'b'), message(1795421815, 0, 'c')],
      3,
    );
    expect(bodies).toEqual(['a', 'b', 'c']);
    expect(asked).toEqual([
      [undefined, undefined],
      ['Mon, 23 Nov 2026 08:16:54 GMT', '0'],
      ['Mon, 23 Nov 2026 08:16:54 GMT', '1'],
    ]);
    expect(pauses).toEqual([]);
  });

  it('does not tell the hub to pass over its stored messages', async () => {
    await followed([message(1795421814, 0, 'a'), message(1795421814, 1, 'b')], 2);
    expect(hub?.requests[1]?.headers).not.toHaveProperty('cache-control');
    expect(hub?.requests[1]?.headers).not.toHaveProperty('pragma');
  });

  it('asks again behind the same message when a poll brought nothing', async () => {
    const { bodies, asked } = await followed(
      [message(1795421814, 2, 'a'), NOTHING_NEW, message(1795421815, 0, 'b')],
      2,
    );
    expect(bodies).toEqual(['a', 'b']);
    expect(asked[2]).toEqual(asked[1]);
  });

  it('slows down, without a word, where a location answers at once that nothing is new', async () => {
    const { pauses, troubles } = await followed([NOTHING_NEW, NOTHING_NEW, message(1795421815, 0, 'a')], 1);
    expect(pauses).toEqual([500, 1_000]);
    expect(troubles).toEqual([]);
  });

  it('goes on behind the last message when the hub was away, waiting longer each time', async () => {
    const { bodies, asked, pauses, troubles } = await followed(
      [
        message(1795421814, 2, 'a'),
        'cut',
        'cut',
        { status: 503 },
        message(1795421815, 0, 'b'),
        'cut',
        message(1795421815, 1, 'c'),
      ],
      3,
    );
    expect(bodies).toEqual(['a', 'b', 'c']);
    expect(asked.slice(1, 5)).toEqual(Array(4).fill(['Mon, 23 Nov 2026 08:16:54 GMT', '2']));
    expect(pauses).toEqual([500, 1_000, 2_000, 500]);
    expect(troubles[0]).toMatch(
      /^The hub at http:\/\/127\.0\.0\.1:\d+ cannot be reached: the connection was cut\. Asking again in 0\.5 s\.$/,
    );
    expect(troubles[2]).toMatch(/answered 503 \(Service Unavailable\)\. Asking again in 2\.0 s\.$/);
  });

  it.each([
    [409, 'Another subscriber has the channel'],
    [410, 'The channel was deleted'],
    [429, 'The hub asks for patience'],
  ])('asks again later after %i', async (status, sentence) => {
    const { bodies, troubles } = await followed([{ status }, message(1795421814, 0, 'a')], 1);
    expect(bodies).toEqual(['a']);
    expect(troubles).toEqual([expect.stringContaining(sentence)]);
  });

  it('asks for what is to come with a far date, and from the first empty answer on for what came since', async () => {
    const { asked } = await followed([NOTHING_NEW, message(1795421815, 0, 'a')], 1, { since: { behind: 'now' } });
    expect(asked).toEqual([
      ['Fri, 31 Dec 9999 23:59:59 GMT', '0'],
      ['Mon, 23 Nov 2026 08:16:53 GMT', '1048575'],
    ]);
  });

  it.each([
    [403, 'text/plain', 'Not you.\n', '403 (Forbidden): Not you.'],
    [
      404,
      'application/problem+json',
      '{"detail":"Nothing is served at \\"/sub\\"."}',
      '404 (Not Found): Nothing is served at "/sub".',
    ],
    [404, 'text/html', '<html>', '404 (Not Found).'],
    [302, 'text/plain', '', '302 (Found).'],
  ])('ends with what the hub said when it refuses with %i as %s', async (status, type, body, sentence) => {
    const refusal: Act = { status, headers: { 'Content-Type': type }, body };
    await expect(followed([refusal], 1)).rejects.toThrow(sentence);
  });

  it('ends where answers have no position, for it would read the same one for ever', async () => {
    const answer: Act = { status: 200, body: 'hello' };
    await expect(followed([answer], 1)).rejects.toThrow(Failure);
  });

  it('ends when it is told to, also within an open poll', async () => {
    hub = new ScriptedHub(['silence']);
    const url = new URL(await hub.listen());
    const stopped = new AbortController();
    const messages = follow({ url, since: { behind: 'nothing' }, signal: stopped.signal, tell: () => {} });
    const next = messages.next();
    await hub.asked();
    stopped.abort();
    await expect(next).resolves.toEqual({ done: true, value: undefined });
  });
});

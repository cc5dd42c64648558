import { afterEach, describe, expect, it } from '@jest/globals';
import { Failure } from '../../src/cli/failure.js';
import { type FollowRecordingOptions, followRecording } from '../../src/cli/followed-recording.js';
import type { RecordedLine } from '../../src/recording/recorded-line.js';
import { headerText, lineText } from '../../src/recording/write-line.js';
import { type Act, ScriptedHub } from './support/scripted-hub.js';

let hub: ScriptedHub | undefined;
afterEach(async () => hub?.close());

const HEADER = headerText({ hub: '0.1.0', startedAt: 1_795_421_814_000, patterns: ['devices/#'] });

function line(second: number): string {
  const about = { channel: 'devices/d/events/t', position: `${second}:0`, contentType: null, body: { json: second } };
  return lineText({ kind: 'event', time: second * 1_000, ...about } satisfies RecordedLine);
}

function answer(body: string): Act {
  return { status: 200, body };
}

/** Follows a scripted hub until `count` lines came or it ends; pauses pass at once and are noted. */
async function followed(script: Act[], count: number, options: Partial<FollowRecordingOptions> = {}) {
  hub = new ScriptedHub(script);
  const stopped = new AbortController();
  const told = { texts: [] as string[], headers: 0, pauses: [] as number[], troubles: [] as string[] };
  const admin = await hub.listen();
  const asked: (number | undefined)[] = [];
  for await (const came of followRecording({
    admin,
    patterns: [],
    from: (began) => {
      asked.push(began);
      return 'now';
    },
    signal: stopped.signal,
    tell: (trouble) => told.troubles.push(trouble.replace(admin, 'HUB')),
    pause: async (ms) => told.pauses.push(ms),
    random: () => 1,
    ...options,
  })) {
    if (came.is === 'header') told.headers++;
    else told.texts.push(...came.lines.map(({ text }) => text));
    if (told.texts.length >= count) stopped.abort();
  }
  return { ...told, asked, urls: hub.requests.map(({ url }) => url) };
}

describe('following a recording', () => {
  it('asks for what it is to record, and gives the lines as they were sent', async () => {
    const { texts, urls, headers } = await followed([answer(HEADER + line(1) + line(2))], 2, {
      patterns: ['devices/+/events/#', 'a&b'],
      from: () => '2026-11-23T08:16:54.310Z',
    });
    expect([texts, headers]).toEqual([[line(1), line(2)], 1]);
    expect(urls).toEqual([
      '/admin/recording?pattern=devices%2F%2B%2Fevents%2F%23&pattern=a%26b&from=2026-11-23T08%3A16%3A54.310Z',
    ]);
  });

  it('passes over empty lines, and leaves out one that was cut off', async () => {
    const { texts } = await followed(
      [answer(`${HEADER}\n\n${line(1)}\n${line(2).slice(0, 20)}`), answer(HEADER + line(2))],
      2,
    );
    expect(texts).toEqual([line(1), line(2)]);
  });

  it('asks again when the hub has ended it, is away or fails, later each time until a line comes', async () => {
    const script = [
      answer(HEADER),
      'cut',
      { status: 503, body: '' },
      answer(HEADER + line(1)),
      'cut',
      answer(HEADER + line(2)),
    ];
    const { texts, pauses, troubles, asked } = await followed(script as Act[], 2);
    expect(texts).toEqual([line(1), line(2)]);
    expect(pauses).toEqual([500, 1_000, 2_000, 500, 1_000]);
    expect(troubles.map((trouble) => trouble.replace(/\(.*\)/, ''))).toEqual([
      'The hub at HUB has ended the recording. Asking again in 0.5 s.',
      'The hub at HUB cannot be reached: the connection was cut. Asking again in 1.0 s.',
      expect.stringMatching(/answered 503.*Asking again in 2\.0 s\.$/),
      'The hub at HUB has ended the recording. Asking again in 0.5 s.',
      'The hub at HUB cannot be reached: the connection was cut. Asking again in 1.0 s.',
    ]);
    expect(asked).toEqual([undefined, ...Array(5).fill(1_795_421_814_000)]);
  });

  it.each([
    [{ status: 400, body: 'no' }, /answered 400/],
    [{ status: 404, body: '' }, /answered 404/],
    [answer('<html>\n'), /What http:\S+ answers cannot be read: /],
    [answer(`${HEADER}{"kind":"evnt"}\n`), /"kind" is "evnt"/],
  ])('ends when asking again would not help: %j', async (act, sentence) => {
    const fails = followed([act], 1);
    await expect(fails).rejects.toThrow(Failure);
    await expect(fails).rejects.toThrow(sentence);
  });
});

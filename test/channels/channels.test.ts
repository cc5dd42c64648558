import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type ChannelName, channelKey, channelNameOf } from '../../src/channels/channel-key.js';
import type { ChannelPolicy } from '../../src/channels/channel-policy.js';
import { Channels } from '../../src/channels/channels.js';
import { BEFORE_ALL } from '../../src/engine/position.js';
import { madeChannels, publish } from './support/made-channels.js';
import { RecordedPoll } from './support/recorded-poll.js';

describe('Channels', () => {
  it('opens a channel once and finds it by its key', () => {
    const { channels } = madeChannels();
    expect(channels.find('a')).toBeUndefined();
    const opened = channels.open('a');
    expect(channels.open('a')).toBe(opened);
    expect(channels.find('a')).toBe(opened);
    expect(channels.open(channelKey('group', 'a'))).not.toBe(opened);
  });

  it('gives a channel that is known already as long as it is open, and then the one that has its key', () => {
    const { channels } = madeChannels();
    const known = channels.open('a');
    expect([channels.open('a', known), channels.find('a', known)]).toEqual([known, known]);
    channels.delete('a');
    expect(channels.find('a', known)).toBeUndefined();
    const next = channels.open('a', known);
    expect(next).not.toBe(known);
    expect(channels.find('a', known)).toBe(next);
  });

  it('makes no more channels than allowed, and says so', () => {
    const { channels } = madeChannels({ maxChannels: 2 });
    channels.open('a');
    channels.open('b');
    expect(channels.open('a').key).toBe('a');
    const refusal = {
      code: 'channel_limit',
      status: 507,
      message:
        'The hub has 2 channels, as many as limits.max_channels allows; channel "c" was not made. Delete channels, ' +
        'wait until idle ones are swept, or raise the limit.',
    };
    expect(() => channels.open(channelKey('group', 'c'))).toThrow(expect.objectContaining(refusal));
    channels.delete('a');
    expect(channels.open('c').key).toBe('c');
  });

  it('deletes a channel with its messages, its polls and its stream', () => {
    const { channels } = madeChannels();
    publish(channels, 'a', '1');
    const channel = channels.open('a');
    const poll = new RecordedPoll();
    channel.poll(channel.log.last, poll);
    let isComplete = false;
    channel.live$.subscribe({ complete: () => (isComplete = true) });
    expect(channels.delete('a')).toBe(true);
    expect([poll.answers, isComplete, channels.find('a')]).toEqual([['ended: gone'], true, undefined]);
    expect(channels.log.stats().messages).toBe(0);
    expect(channels.delete('a')).toBe(false);
  });

  it('lets one look into a channel without opening it', async () => {
    const { channels, clock } = madeChannels();
    publish(channels, 'a', '1');
    const look = () =>
      channels.glance('a', async (log, published) => [(await log.read(BEFORE_ALL, 10)).length, published]);
    expect(await look()).toEqual([1, 1]);
    const restarted = new Channels(channels.log, clock, channels.limits);
    const released: string[] = [];
    Object.assign(restarted.log, { release: (key: string) => released.push(key) > 0 });
    expect(await restarted.glance('a', async (log) => (await log.read(BEFORE_ALL, 10)).length)).toBe(1);
    await expect(restarted.glance('a', () => Promise.reject(new Error('It is away.')))).rejects.toThrow('It is away.');
    expect(released).toEqual(['a', 'a']);
    const opened = restarted.open('a');
    expect(await restarted.glance('a', (log) => log === opened.log)).toBe(true);
    expect(released).toEqual(['a', 'a']);
    expect(await restarted.glance('b', () => true)).toBeUndefined();
    expect(restarted.find('b')).toBeUndefined();
  });

  it('does not use a deleted channel’s positions again', () => {
    const { channels } = madeChannels();
    const { message } = publish(channels, 'a', 'old');
    channels.delete('a');
    publish(channels, 'a', 'new');
    const poll = new RecordedPoll();
    channels.open('a').poll(message.position, poll);
    expect(poll.answers).toEqual(['new']);
  });

  it('ends every parked poll for a stop, and tells how many', () => {
    const { channels } = madeChannels();
    const polls = ['a', 'a', 'b'].map((key) => {
      const poll = new RecordedPoll();
      channels.open(key).poll(BEFORE_ALL, poll);
      return poll;
    });
    expect(channels.totals().parkedPolls).toBe(3);
    expect(channels.endAllPolls()).toBe(3);
    expect(polls.map(({ answers }) => answers)).toEqual(Array(3).fill(['ended: stopping']));
    expect(channels.totals().parkedPolls).toBe(0);
  });

  it('sums over all channels since the start, removed ones included', () => {
    const { channels } = madeChannels();
    for (const key of ['a', 'a', 'b']) publish(channels, key, '1');
    channels.open('a').poll(BEFORE_ALL, new RecordedPoll());
    channels.delete('a');
    publish(channels, 'a', '2');
    expect(channels.totals()).toEqual({ channels: 2, published: 4, delivered: 1, parkedPolls: 0 });
  });
});

describe('A page of channels', () => {
  it('is what sorting and filtering all of them gives', () => {
    const id = fc.string({ unit: fc.constantFrom('a', 'b', '/', 'é', '\u{1f600}'), maxLength: 4 });
    const group = fc.constantFrom('', 'a', 'b');
    const name = fc.record({ group, id });
    const page = fc.record({
      group: fc.option(group, { nil: undefined }),
      prefix: fc.oneof(fc.constant(''), id),
      after: fc.option(name, { nil: undefined }),
      limit: fc.integer({ min: 0, max: 6 }),
    });
    const isBehind = (a: ChannelName, b: ChannelName) => (a.group === b.group ? a.id > b.id : a.group > b.group);
    fc.assert(
      fc.property(
        fc.array(name, { maxLength: 40, size: 'max' }),
        fc.array(name, { maxLength: 10 }),
        page,
        (made, gone, { group, prefix, after, limit }) => {
          const { channels } = madeChannels();
          const keyOf = ({ group, id }: ChannelName) => channelKey(group, id);
          for (const name of made) channels.open(keyOf(name));
          for (const name of gone) channels.delete(keyOf(name));
          const left = [...new Set(made.map(keyOf))].filter((key) => !gone.map(keyOf).includes(key)).map(channelNameOf);
          const expected = left
            .filter((name) => group === undefined || name.group === group)
            .filter((name) => name.id.startsWith(prefix) && (!after || isBehind(name, after)))
            .sort((a, b) => (isBehind(a, b) ? 1 : -1));
          const listed = channels.list({ group, prefix, after, limit }).map(({ key }) => channelNameOf(key));
          expect(listed).toEqual(expected.slice(0, limit));
        },
      ),
      { numRuns: 500 },
    );
  });

  it('after page shows every channel once, also when the last one shown is deleted meanwhile', () => {
    const { channels } = madeChannels();
    const keys = Array.from({ length: 25 }, (_, i) => `c${(i * 7) % 25}`);
    for (const key of keys) channels.open(key);
    const listed: string[] = [];
    for (let after: ChannelName | undefined; ; after = channelNameOf(listed.at(-1) as string)) {
      const page = channels.list({ after, limit: 4 });
      if (page.length === 0) break;
      listed.push(...page.map(({ key }) => key));
      channels.delete(listed.at(-1) as string);
    }
    expect(listed).toEqual([...keys].sort());
  });
});

describe('The sweep', () => {
  const policy = (channelTimeoutMs: number): ChannelPolicy => ({
    location: '/sub',
    minMessageBufferLength: 1,
    maxMessageBufferLength: 10,
    messageTimeoutMs: 0,
    channelTimeoutMs,
    durability: 'disk',
  });

  it('removes a channel that nobody used for longer than its channel_timeout', () => {
    const { channels, clock } = madeChannels();
    channels.open('brief').policy = policy(1_000);
    channels.open('usual');
    const lasting = channels.open('lasting');
    lasting.policy = policy(60_000);
    const found = () => channels.list({ limit: 10 }).map(({ key }) => key);
    let isComplete = false;
    channels.open('usual').live$.subscribe({ complete: () => (isComplete = true) });
    sweepAfter(1_000);
    expect(found()).toEqual(['brief', 'lasting', 'usual']);
    sweepAfter(1);
    expect(found()).toEqual(['lasting', 'usual']);
    sweepAfter(4_000);
    expect([found(), isComplete]).toEqual([['lasting'], true]);
    clock.advance(50_000);
    lasting.noteRequest();
    sweepAfter(60_000);
    expect(found()).toEqual(['lasting']);
    sweepAfter(1);
    expect(found()).toEqual([]);

    function sweepAfter(ms: number): void {
      clock.advance(ms);
      channels.sweep();
    }
  });

  it('leaves a channel with a message or a poll', () => {
    const { channels, clock } = madeChannels();
    publish(channels, 'stored', '1', { expiresAt: clock.now() + 100_000 });
    const poll = new RecordedPoll();
    channels.open('waiting').poll(BEFORE_ALL, poll);
    clock.advance(99_999);
    channels.sweep();
    expect(channels.totals().channels).toBe(2);
    channels.open('waiting').polls.leave(poll);
    clock.advance(1);
    channels.sweep();
    expect(channels.totals().channels).toBe(0);
  });

  it('drops expired messages without anybody asking', () => {
    const { channels, clock } = madeChannels();
    publish(channels, 'a', '1', { expiresAt: clock.now() + 1_000 });
    clock.advance(1_000);
    channels.sweep();
    expect(channels.log.stats()).toMatchObject({ messages: 0, bytes: 0 });
  });

  it('goes round among more channels than one sweep looks at', () => {
    const { channels, clock } = madeChannels();
    for (let i = 0; i < 5_000; i++) channels.open(`c${i}`);
    clock.advance(10_000);
    const counts = [1, 2, 3, 4].map(() => {
      channels.sweep();
      return channels.totals().channels;
    });
    expect(counts[0]).toBeGreaterThan(0);
    expect(counts.at(-1)).toBe(0);
  });
});

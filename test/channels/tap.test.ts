import { describe, expect, it } from '@jest/globals';
import { Commits } from '../../src/channels/commits.js';
import { type Companion, type Tap, TapPoint } from '../../src/channels/tap.js';
import { BEFORE_ALL } from '../../src/engine/position.js';
import { draft } from '../contracts/message-log/log-under-test.js';
import { madeEngine, publish } from './support/made-channels.js';

/** Gives a companion to what is published on `wanted/…`, but for messages that say `alone`; notes what becomes of them. */
function tapped(setting: Partial<Parameters<typeof madeEngine>[0]> = {}) {
  const { engine, channels, clock } = madeEngine({ maxChannels: 10_000, ...setting });
  const notes: string[] = [];
  const tap: Tap = {
    wants: (channelId) => channelId.startsWith('wanted/'),
    companionOf(channelId, { body }, cause): Companion | undefined {
      const text = body.toString();
      if (text === 'alone') return undefined;
      return {
        channel: 'taken',
        message: draft(`12345678 ${channelId} ${text} ${cause}`),
        committed: (own, other) => notes.push(`${text} ${other.body.readDoubleBE(0) === own.position}`),
        failed: () => notes.push(`${text} failed`),
      };
    },
  };
  channels.open('wanted/before');
  channels.tap(new TapPoint(tap, engine));
  const taken = async () =>
    (await engine.messages.open('taken').read(BEFORE_ALL, 100)).map(({ body }) => body.subarray(9).toString());
  return { engine, channels, clock, notes, taken };
}

describe('A tap', () => {
  it('has its companion committed with each message that it wants, on channels from before and after', async () => {
    const { channels, notes, taken } = tapped();
    for (const channel of ['wanted/before', 'wanted/after', 'other']) publish(channels, channel, 'x');
    publish(channels, 'wanted/after', 'alone');
    expect(await taken()).toEqual(['wanted/before x undefined', 'wanted/after x undefined']);
    expect(notes).toEqual(['x true', 'x true']);
    expect(channels.find('taken')?.published).toBe(0);
  });

  it('takes part in commits of several messages, and hears what brought each about', async () => {
    const { engine, channels, notes, taken } = tapped();
    const messages = ['other', 'wanted/a', 'wanted/b'].map((channel) => ({
      channel,
      message: draft('y'),
      cause: '"why"',
    }));
    const commit = await new Commits(engine, channels).commit({ records: [], messages });
    expect(commit.messages).toHaveLength(3);
    expect(await taken()).toEqual(['wanted/a y "why"', 'wanted/b y "why"']);
    expect(notes).toEqual(['y true', 'y true']);
    expect(channels.find('wanted/b')?.published).toBe(1);
  });

  it('hears of a message that was not committed, and then its companion is not there either', async () => {
    const { engine, channels, notes, taken } = tapped();
    Object.assign(engine.messages.room, { maxMessages: 1 });
    expect(() => publish(channels, 'wanted/a', 'z')).toThrow(expect.objectContaining({ code: 'log_full' }));
    const messages = [{ channel: 'wanted/a', message: draft('z') }];
    expect(() => new Commits(engine, channels).commit({ records: [], messages })).toThrow();
    expect(notes).toEqual(['z failed', 'z failed']);
    expect(await taken()).toEqual([]);
    expect(await engine.messages.open('wanted/a').read(BEFORE_ALL, 10)).toEqual([]);
  });

  it.each(['memory', 'none'] as const)(
    'makes nothing safer than it is: a message of durability %s',
    async (durability) => {
      const { channels, notes, taken } = tapped();
      publish(channels, 'wanted/a', 'x', { durability });
      expect(await taken()).toEqual(['wanted/a x undefined']);
      expect(notes).toEqual(['x true']);
    },
  );
});

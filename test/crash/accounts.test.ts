import { describe, expect, it } from '@jest/globals';
import { positionOf } from '../../src/engine/position.js';
import { ChannelAccount, type SeenMessage } from './model/channel-account.js';
import { CommandAccount } from './model/command-account.js';
import { ValueAccount } from './model/value-account.js';

/** Messages of these numbers, each at the position of its number. */
const stored = (...numbers: number[]): SeenMessage[] =>
  numbers.map((number) => ({ number, position: positionOf(1_000, number) }));

/** An account of so many messages, all acknowledged but those named. */
function account(count: number, unknown: readonly number[] = [], buffer?: number): ChannelAccount {
  const channel = new ChannelAccount('c', buffer);
  for (let i = 0; i < count; i++) {
    const number = channel.send();
    if (!unknown.includes(number)) channel.acknowledge(number);
  }
  return channel;
}

describe('The account of a channel', () => {
  it('finds nothing wrong with all that was acknowledged, and with or without what was not', () => {
    expect(account(3).check(stored(1, 2, 3))).toEqual([]);
    expect(account(3, [2, 3]).check(stored(1, 2))).toEqual([]);
    expect(account(3, [3]).check(stored(1, 2))).toEqual([]);
  });

  it('sees a message that is lost', () => {
    expect(account(3).check(stored(1, 3))).toEqual(['channel c: message 2 is lost']);
    expect(account(1).check([])).toEqual(['channel c: message 1 is lost']);
    expect(account(9).check(stored(6, 8, 9), 5)).toEqual(['channel c: message 7 is lost']);
  });

  it('sees one that a reader had, though its publisher heard nothing', () => {
    const channel = account(2, [2]);
    expect(channel.see(stored(2)[0] as SeenMessage)).toEqual([]);
    expect(channel.check(stored(1))).toEqual(['channel c: message 2 is lost']);
  });

  it('sees a message that is there twice', () => {
    const again = { number: 2, position: positionOf(1_000, 3) };
    expect(account(2).check([...stored(1, 2), again])).toContainEqual(
      expect.stringMatching(/message 2 was at position \d+ and is now at/),
    );
  });

  it('sees messages in another order', () => {
    const [first, second] = stored(1, 2) as [SeenMessage, SeenMessage];
    const swapped = [
      { ...second, position: first.position },
      { ...first, position: second.position },
    ];
    expect(account(2).check(swapped)).toContainEqual(expect.stringMatching(/message 1 at \d+ stands behind message 2/));
    expect(account(2).check([second, first])).not.toEqual([]);
  });

  it('sees a position that is used again, also of a message that is gone', () => {
    const channel = account(1);
    channel.check(stored(1));
    channel.delete('done');
    channel.acknowledge(channel.send());
    expect(channel.check([{ number: 2, position: positionOf(1_000, 1) }])).toEqual([
      expect.stringMatching(/position \d+ was message 1's and is now message 2's/),
    ]);
  });

  it('sees a message that nobody sent', () => {
    expect(account(1).check(stored(1, 2))).toEqual(['channel c: message 2 was never sent']);
  });

  it('lets a full buffer have trimmed the oldest, and no other', () => {
    expect(account(9, [], 3).check(stored(7, 8, 9))).toEqual([]);
    expect(account(9, [9], 3).check(stored(6, 7, 8))).toEqual([]);
    expect(account(9, [], 3).check(stored(6, 7, 8))).toEqual(['channel c: message 9 is lost']);
    expect(account(9, [], 3).check(stored(8, 9))).toContain('channel c: message 7 is lost');
    expect(account(9, [], 3).check(stored(6, 7, 8, 9))).toContain('channel c: 4 are stored, and 3 may be');
  });

  it('lets a deletion that nobody heard the end of have taken all or nothing', () => {
    const deleted = () => {
      const channel = account(2);
      channel.delete('unknown');
      return channel;
    };
    expect(deleted().check([])).toEqual([]);
    expect(deleted().check(stored(1, 2))).toEqual([]);
    expect(deleted().check(stored(2))).toEqual(['channel c: message 1 is lost']);
  });

  it('sees a deleted message that comes back', () => {
    const channel = account(2);
    channel.delete('done');
    expect(channel.check(stored(2))).toContain('channel c: 2 was deleted');
  });
});

describe('The account of a device’s commands', () => {
  function device(count: number): CommandAccount {
    const account = new CommandAccount('d');
    for (let i = 0; i < count; i++) account.acknowledge(account.send(), `id-${i}`);
    return account;
  }

  it('finds nothing wrong with one after the other, given again with its attempt counted', () => {
    const account = device(2);
    expect(account.give({ number: 1, attempt: 1 })).toEqual([]);
    expect(account.give({ number: 1, attempt: 3 })).toEqual([]);
    account.end(1, 'done');
    expect(account.give({ number: 2, attempt: 1 })).toEqual([]);
    expect(account.checkState(1, 'SUCCEEDED')).toEqual([]);
    expect(account.open).toBe(1);
  });

  it('sees one that was done and comes back', () => {
    const account = device(1);
    account.give({ number: 1, attempt: 1 });
    account.end(1, 'done');
    expect(account.give({ number: 1, attempt: 2 })).toEqual(['device d: command 1 was done, and came back']);
  });

  it('sees an attempt that was not counted', () => {
    const account = device(1);
    account.give({ number: 1, attempt: 1 });
    expect(account.give({ number: 1, attempt: 1 })).toEqual([
      'device d: command 1 came with attempt 1 after attempt 1',
    ]);
  });

  it('sees one that is lost, by the next and by what the hub says of it', () => {
    const account = device(2);
    expect(account.give({ number: 2, attempt: 1 })).toEqual([
      'device d: command 2 came before command 1, which was acknowledged',
    ]);
    expect(account.checkState(1, undefined)).toEqual([
      'device d: command 1 is not known, and must be QUEUED or LEASED or IN_PROGRESS',
    ]);
    expect(account.checkState(1, 'EXPIRED')).not.toEqual([]);
  });

  it('sees an end that is forgotten, and leaves open one that nobody heard of', () => {
    const account = device(2);
    account.end(1, 'done');
    account.end(2, 'unknown');
    expect(account.checkState(1, 'QUEUED')).toEqual(['device d: command 1 is QUEUED, and must be SUCCEEDED']);
    expect(account.checkState(2, 'QUEUED')).toEqual([]);
    expect(account.checkState(2, 'SUCCEEDED')).toEqual([]);
  });

  it('sees one that nobody sent', () => {
    expect(device(1).give({ number: 2, attempt: 1 })).toEqual(['device d: command 2 was never sent']);
  });
});

describe('The account of a value', () => {
  it('takes what was acknowledged or came later, and sees what is older or was never written', () => {
    const value = new ValueAccount('v');
    value.acknowledge(value.write());
    value.acknowledge(value.write());
    value.write();
    expect([2, 3].flatMap((each) => value.check(each))).toEqual([]);
    expect(value.check(1)).toEqual(['v is 1, and was 2 when that was acknowledged, 3 at most']);
    expect(value.check(4)).toHaveLength(1);
  });
});

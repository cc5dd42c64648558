import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ParkedPolls } from '../../src/channels/parked-polls.js';
import { Tally } from '../../src/channels/tally.js';
import type { StoredMessage } from '../../src/engine/message-log.js';
import { RecordedPoll } from './support/recorded-poll.js';

function message(body: string): StoredMessage {
  return { position: 1, body: Buffer.from(body), contentType: null, publishedAt: 0, expiresAt: Infinity };
}

/** The naive model: a set of those who wait; and what each poll was told. */
interface Model {
  readonly waiting: Set<RecordedPoll>;
  readonly expected: Map<RecordedPoll, string[]>;
}

type Command = fc.Command<Model, ParkedPolls>;

class Park implements Command {
  check = () => true;

  run({ waiting, expected }: Model, real: ParkedPolls): void {
    const poll = new RecordedPoll();
    waiting.add(poll);
    expected.set(poll, []);
    real.park(poll);
  }

  toString = () => 'park';
}

class Leave implements Command {
  constructor(private readonly pick: number) {}

  check = ({ expected }: Model) => expected.size > 0;

  run({ waiting, expected }: Model, real: ParkedPolls): void {
    // Any poll that ever was, also one that no longer waits.
    const poll = [...expected.keys()][this.pick % expected.size] as RecordedPoll;
    waiting.delete(poll);
    real.leave(poll);
    expect(poll.parkIndex).toBe(-1);
  }

  toString = () => `leave(${this.pick})`;
}

class TellAll implements Command {
  constructor(private readonly body: string | undefined) {}

  check = () => true;

  run({ waiting, expected }: Model, real: ParkedPolls): void {
    const told = this.body === undefined ? real.end('gone') : real.deliver(message(this.body));
    expect(told).toBe(waiting.size);
    for (const poll of waiting) expected.get(poll)?.push(this.body ?? 'ended: gone');
    waiting.clear();
  }

  toString = () => (this.body === undefined ? 'end' : `deliver(${this.body})`);
}

describe('ParkedPolls', () => {
  it('behaves as a set of polls does, in any order of parking, leaving and telling', () => {
    const commands = [
      fc.constant(new Park()),
      fc.nat().map((pick) => new Leave(pick)),
      fc.option(fc.string({ maxLength: 3 }), { nil: undefined }).map((body) => new TellAll(body)),
    ];
    fc.assert(
      fc.property(fc.commands(commands, { maxCommands: 80, size: 'max' }), (steps) => {
        const model: Model = { waiting: new Set(), expected: new Map() };
        const tally = new Tally();
        const real = new ParkedPolls(tally);
        fc.modelRun(() => ({ model, real }), steps);
        expect(real.size).toBe(model.waiting.size);
        expect(tally.parkedPolls).toBe(model.waiting.size);
        for (const [poll, answers] of model.expected) expect(poll.answers).toEqual(answers);
      }),
      { numRuns: 300 },
    );
  });

  it('lets a client that polls again at once join the next message and not this one', () => {
    const polls = new ParkedPolls();
    const eager = new RecordedPoll((poll) => polls.park(poll));
    polls.park(eager);
    expect(polls.deliver(message('1'))).toBe(1);
    expect(polls.size).toBe(1);
    expect(polls.deliver(message('2'))).toBe(1);
    expect(eager.answers).toEqual(['1', '2']);
  });

  it('keeps the polls of different channels apart, also after both were empty', () => {
    const channels = [new ParkedPolls(), new ParkedPolls()];
    for (const round of ['first', 'second']) {
      const polls = channels.map((channel) => {
        const poll = new RecordedPoll();
        channel.park(poll);
        return poll;
      });
      expect(channels.map((channel) => channel.deliver(message(round)))).toEqual([1, 1]);
      expect(channels.map(({ size }) => size)).toEqual([0, 0]);
      expect(polls.map(({ answers }) => answers)).toEqual([[round], [round]]);
    }
  });

  it('lets an answer take another poll of the same fan-out away', () => {
    const polls = new ParkedPolls();
    const other = new RecordedPoll();
    const leaving = new RecordedPoll(() => polls.leave(other));
    const parkedLater = new RecordedPoll();
    polls.park(leaving);
    polls.park(other);
    leaving.deliver(message('0'));
    polls.park(parkedLater);
    polls.deliver(message('1'));
    expect([leaving.answers, other.answers, parkedLater.answers]).toEqual([['0', '1'], [], ['1']]);
  });

  it('does not take a poll out that waits elsewhere', () => {
    const [here, there] = [new ParkedPolls(), new ParkedPolls()];
    const [poll, other] = [new RecordedPoll(), new RecordedPoll()];
    there.park(poll);
    here.park(other);
    here.leave(poll);
    expect([here.size, there.size]).toEqual([1, 1]);
    there.deliver(message('1'));
    expect(poll.answers).toEqual(['1']);
  });
});

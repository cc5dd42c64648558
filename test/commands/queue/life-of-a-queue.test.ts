import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Commands, SentCommand } from '../../../src/commands/commands.js';
import type { Command, Transition } from '../../../src/commands/life/command.js';
import { hasEnded } from '../../../src/commands/life/command.js';
import type { ReportFact } from '../../../src/commands/life/fact.js';
import type { Step } from '../../../src/commands/life/step.js';
import { commandOf } from '../../../src/commands/store/command-json.js';
import { endedOf } from '../../../src/commands/store/ended-command.js';
import { ENDED, ENDINGS, LIVE, WAKES, wakeOf } from '../../../src/commands/store/tables.js';
import { madeEngine } from '../../channels/support/made-channels.js';
import { madeCommands } from '../support/made-commands.js';
import { RecordedPoll } from './device-under-test.js';

const ALL = { limit: 10_000 };

/** What may happen, in any order: a device that behaves, one that forgets, a hub that restarts. */
type Action =
  | {
      readonly do: 'send';
      readonly lane: string;
      readonly ack: 'none' | 'delivered' | 'result';
      readonly ttlMs: number;
    }
  | { readonly do: 'poll'; readonly withLock: boolean; readonly max: number }
  | { readonly do: 'sent'; readonly isSent: boolean }
  | { readonly do: 'report'; readonly is: ReportFact['is']; readonly status: number; readonly age: number }
  | { readonly do: 'cancel'; readonly age: number }
  | { readonly do: 'redrive'; readonly age: number }
  | { readonly do: 'pass'; readonly ms: number }
  | { readonly do: 'restart' };

const actions: fc.Arbitrary<Action> = fc.oneof(
  fc.record({
    do: fc.constant('send' as const),
    lane: fc.constantFrom('main', 'main', 'urgent'),
    ack: fc.constantFrom('none' as const, 'delivered' as const, 'result' as const),
    ttlMs: fc.constantFrom(5_000, 600_000),
  }),
  fc.record({ do: fc.constant('poll' as const), withLock: fc.boolean(), max: fc.constantFrom(1, 1, 3) }),
  fc.record({ do: fc.constant('sent' as const), isSent: fc.boolean() }),
  fc.record({
    do: fc.constant('report' as const),
    is: fc.constantFrom(
      'ack' as const,
      'complete' as const,
      'result' as const,
      'progress' as const,
      'abandon' as const,
      'reject' as const,
    ),
    status: fc.constantFrom(200, 404, 500),
    age: fc.nat(3),
  }),
  fc.record({ do: fc.constant('cancel' as const), age: fc.nat(3) }),
  fc.record({ do: fc.constant('redrive' as const), age: fc.nat(3) }),
  fc.record({ do: fc.constant('pass' as const), ms: fc.constantFrom(300, 2_000, 31_000, 61_000) }),
  fc.record({ do: fc.constant('restart' as const) }),
);

/** One device and its hub, on the memory engine, which answers at once. */
class Play {
  private readonly world = madeEngine();
  private stop: () => void = () => {};
  private commands: Commands = this.begin();
  /** deliveries that reached the device, the newest last */
  readonly delivered: { readonly command: Command; readonly lock: string }[] = [];
  private poll: RecordedPoll | undefined;

  run(action: Action): void {
    switch (action.do) {
      case 'send': {
        const { lane, ack, ttlMs } = action;
        const { command } = this.commands.send('d', 'a', {}, { lane, ack, ttlMs }) as SentCommand;
        return void command;
      }
      case 'poll': {
        const lock = action.withLock ? (this.delivered.at(-1)?.lock ?? '') : '';
        this.poll = new RecordedPoll({ lock, max: action.max });
        void this.commands.poll('d', this.poll);
        return this.take();
      }
      case 'sent':
        this.poll?.sent(action.isSent);
        return;
      case 'report': {
        const delivery = this.delivered.at(-1 - action.age);
        if (!delivery) return;
        const { is, status } = action;
        const fact = { is, lock: delivery.lock, status, delayMs: 0 } as ReportFact;
        return void (this.commands.report('d', delivery.command.id, fact) as Step);
      }
      case 'cancel':
      case 'redrive': {
        const id = this.all().at(-1 - action.age)?.id;
        if (id !== undefined) void this.commands[action.do]('d', id);
        return;
      }
      case 'pass':
        this.world.clock.advance(action.ms);
        return this.take();
      case 'restart':
        this.stop();
        this.commands = this.begin();
        this.poll = undefined;
        return;
    }
  }

  /** All commands, by number, as the records have them. */
  all(): Command[] {
    const { engine } = this.world;
    const live = engine
      .table(LIVE)
      .range(ALL)
      .map(({ value }) => commandOf(value));
    const ended = engine
      .table(ENDED)
      .range(ALL)
      .map(({ value }) => endedOf(value));
    return [...live, ...ended].sort((a, b) => a.seq - b.seq);
  }

  /** How many ended commands the hub thinks that it keeps. */
  get endedCount(): number {
    return this.commands.ended;
  }

  count(table: string): number {
    return this.world.engine.table(table).range(ALL).length;
  }

  /** The next moment at which the queue will be looked at though nobody waits; undefined: never. */
  wakeAt(): number | undefined {
    const first = this.world.engine.table(WAKES).range({ limit: 1 })[0];
    return first && wakeOf(first.key).at;
  }

  private begin(): Commands {
    const commands = madeCommands(this.world.engine, this.world.channels, { maxDeliveries: 3, lateWindowMs: 60_000 });
    this.stop = commands.start();
    return commands;
  }

  private take(): void {
    const delivery = this.poll?.delivery;
    if (!delivery || this.delivered.at(-1)?.lock === delivery.lock) return;
    for (const command of delivery.commands) this.delivered.push({ command, lock: delivery.lock });
  }
}

describe('Whatever happens to the commands of a device', () => {
  it('they keep their rules', () => {
    fc.assert(
      fc.property(fc.array(actions, { maxLength: 40 }), (played) => {
        const play = new Play();
        for (const action of played) {
          play.run(action);
          keepRules(play);
        }
      }),
      { numRuns: 300 },
    );
  });
});

function keepRules(play: Play): void {
  const all = play.all();
  for (const command of all) keepLife(command);
  // Each command is one record, in the table of its state, and each that has ended is deleted one day.
  expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
  expect(play.count(ENDED)).toBe(all.filter(({ state }) => hasEnded(state)).length);
  expect(play.count(ENDINGS)).toBe(play.count(ENDED));
  expect(play.endedCount).toBe(play.count(ENDED));
  keepWake(play, all);
  keepOrder(play);
}

/** A command is never leased after it succeeded, never more often than allowed, and its last state is what its history says. */
function keepLife({ attempt, history, state, locks }: Command): void {
  const success = history.findIndex(({ to }) => to === 'SUCCEEDED');
  if (success >= 0) expect(history.slice(success).every(({ to }) => to === 'SUCCEEDED')).toBe(true);
  expect(attempt).toBeLessThanOrEqual(3);
  expect(locks.length).toBeLessThanOrEqual(16);
  expect((history.at(-1) as Transition).to).toBe(state.is);
  history.forEach(({ to, at }, i) => {
    const before = history[i - 1];
    if (to !== 'LEASED') return;
    expect(before?.to).toBe('QUEUED');
    // A return to the queue waits; a command that was never leased goes at once.
    if (before && ['lease_expired', 'not_acknowledged', 'write_failed', 'abandon'].includes(before.cause)) {
      expect(at - before.at).toBeGreaterThanOrEqual(250);
    }
  });
}

/** Whatever waits for time has an entry that comes no later than its time. */
function keepWake(play: Play, all: readonly Command[]): void {
  const deadlines = all.flatMap(({ state, expiresAt }) => {
    if (state.is === 'QUEUED') return [expiresAt];
    return state.is === 'LEASED' || state.is === 'IN_PROGRESS' ? [state.until] : [];
  });
  if (deadlines.length === 0) return;
  expect(play.wakeAt()).toBeLessThanOrEqual(Math.min(...deadlines));
}

/** Within a lane the first deliveries come in the order of sending. */
function keepOrder({ delivered }: Play): void {
  for (const lane of ['main', 'urgent']) {
    const ofLane = delivered.filter(({ command }) => command.lane === lane);
    const firsts = ofLane.filter(
      ({ command }, i) => ofLane.findIndex((other) => other.command.id === command.id) === i,
    );
    const seqs = firsts.map(({ command }) => command.seq);
    expect(seqs).toEqual([...seqs].sort((a, b) => a - b));
  }
}

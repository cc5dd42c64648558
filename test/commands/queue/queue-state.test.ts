import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Command, type CommandState, dueAt, isInFlight } from '../../../src/commands/life/command.js';
import { Held, QueueState, sizeOf } from '../../../src/commands/queue/queue-state.js';
import { EMPTY_HEAD } from '../../../src/commands/store/command-json.js';
import { LIVE } from '../../../src/commands/store/tables.js';
import { madeCommand, T0 } from '../support/made-command.js';

const time = fc.integer({ min: T0 - 3, max: T0 + 3 });
const held = fc.record({ lock: fc.constant('l'), session: fc.constantFrom('', 's'), until: time });

const state: fc.Arbitrary<CommandState> = fc.oneof(
  fc.record({ is: fc.constant('SCHEDULED' as const), notBefore: time }),
  fc.record({ is: fc.constant('QUEUED' as const), readyAt: time }),
  held.map((of) => ({ is: 'LEASED' as const, ...of })),
  held.map((of) => ({ is: 'IN_PROGRESS' as const, ...of })),
);

/** A command is put as it is now, in place of what it was, or taken out. */
const step = fc.record({
  number: fc.integer({ min: 1, max: 9 }),
  put: fc.option(fc.record({ state, expiresAt: time, locks: fc.constantFrom([], ['l']) }), { freq: 3 }),
});

function commandOf(number: number, changing: Partial<Command> & { state: CommandState }): Command {
  const lane = ['main', 'main', 'urgent'][number % 3] as string;
  const fixed = { id: `c${number}`, seq: number, lane, priority: number % 2, name: 'n'.repeat(number) };
  return madeCommand(changing.state, { ...fixed, ...changing });
}

/** The rule as docs/commands.md has it, by looking at all commands. */
function nextOf(commands: readonly Command[], atOnce: number): Command | undefined {
  const order = (a: Command, b: Command) => b.priority - a.priority || a.seq - b.seq;
  const firsts = ['urgent', 'main'].map((lane) => {
    const ofLane = commands.filter((command) => command.lane === lane);
    if (ofLane.filter(({ state }) => isInFlight(state)).length >= atOnce) return undefined;
    const first = ofLane.filter(({ state }) => state.is === 'QUEUED').sort(order)[0];
    return first?.state.is === 'QUEUED' && first.state.readyAt <= T0 && T0 < first.expiresAt ? first : undefined;
  });
  return firsts[0] ?? firsts[1];
}

describe("A queue's orders", () => {
  it('are those that a look at all commands gives, whatever came and went', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), fc.integer({ min: 1, max: 3 }), (steps, atOnce) => {
        const queue = new QueueState('d1', EMPTY_HEAD, 0);
        const model = new Map<string, Command>();
        for (const { number, put } of steps) {
          if (put) {
            const command = commandOf(number, put);
            queue.put(new Held(command, `d1/${command.id}`, 1, LIVE));
            model.set(command.id, command);
          } else {
            queue.remove(`c${number}`);
            model.delete(`c${number}`);
          }
          const all = [...model.values()];
          const deadlines = all.map((command) => dueAt(command) as number);
          expect(queue.lanes.next(T0, atOnce)?.id).toBe(nextOf(all, atOnce)?.id);
          expect(queue.nextDeadline).toBe(all.length === 0 ? undefined : Math.min(...deadlines));
          expect(queue.bytes).toBe(all.reduce((sum, command) => sum + sizeOf(command), 0));
          expect(new Set(queue.given())).toEqual(new Set(all.filter(({ locks }) => locks.length > 0)));
          expect(new Set(queue.commands())).toEqual(new Set(all));
        }
      }),
    );
  });
});

import { describe, expect, it } from '@jest/globals';
import type { Command, CommandState } from '../../../src/commands/life/command.js';
import { Lanes } from '../../../src/commands/queue/lanes.js';
import { madeCommand, T0 } from '../support/made-command.js';

const READY: CommandState = { is: 'QUEUED', readyAt: T0 };
const HELD: CommandState = { is: 'LEASED', lock: 'l', session: '', until: T0 + 60_000 };

function queue(...commands: (Partial<Command> & { state?: CommandState })[]): Command[] {
  return commands.map(({ state = READY, ...more }, i) => madeCommand(state, { seq: i + 1, ...more }));
}

describe('The command that a device is given next', () => {
  function next(commands: Command[], atOnce = 1): number | undefined {
    const lanes = new Lanes();
    for (const command of commands) lanes.add(command);
    return lanes.next(T0, atOnce)?.seq;
  }

  it('is the oldest, by number and not by place', () => {
    expect(next(queue({}, {}, {}).reverse())).toBe(1);
  });

  it('is of a higher priority before an older one', () => {
    expect(next(queue({ priority: 1 }, { priority: 3 }, { priority: 3 }))).toBe(2);
  });

  it('is urgent before all others, whatever their priority', () => {
    expect(next(queue({ priority: 9 }, { lane: 'urgent' }))).toBe(2);
    expect(next(queue({ state: HELD }, {}, { lane: 'urgent' }))).toBe(3);
  });

  it('is none of a lane that is in flight, unless several may be', () => {
    expect(next(queue({ state: HELD }, {}))).toBeUndefined();
    expect(next(queue({ state: { ...HELD, is: 'IN_PROGRESS' } }, {}))).toBeUndefined();
    expect(next(queue({ state: HELD }, {}), 2)).toBe(2);
    expect(next(queue({ state: HELD }, { lane: 'other' }))).toBe(2);
  });

  it('waits for the first of its lane, which waits to be given again', () => {
    const waits: CommandState = { is: 'QUEUED', readyAt: T0 + 250 };
    expect(next(queue({ state: waits }, {}))).toBeUndefined();
    expect(next(queue({ state: waits }, {}, { lane: 'other' }))).toBe(3);
  });

  it('is none that is not due or has expired', () => {
    expect(next(queue({ state: { is: 'SCHEDULED', notBefore: T0 + 1 } }, {}))).toBe(2);
    expect(next(queue({ expiresAt: T0 }))).toBeUndefined();
  });
});

import { added } from '../../channels/with-one.js';
import type { Command } from '../life/command.js';
import type { Delivery, PollTerms } from './command-poll.js';
import type { QueueChange } from './queue-change.js';

/**
 * Leases to a poll what may go now, all under one lock.
 * @param newLock called once there is a command
 * @returns undefined when none may go
 */
export function lease(terms: PollTerms, change: QueueChange, newLock: () => string): Delivery | undefined {
  const atOnce = Math.max(change.rules.maxInFlight, terms.max);
  let next = change.next(atOnce);
  if (!next) return undefined;
  const { session, leaseMs } = terms;
  const lock = newLock();
  let commands: Command[] = [];
  while (next) {
    commands = added(commands, change.tell(next.id, { is: 'lease', lock, session, leaseMs }).command);
    next = commands.length < terms.max ? change.next(atOnce) : undefined;
  }
  const { dropped } = change.head;
  if (dropped > 0) change.head = { ...change.head, dropped: 0 };
  return { commands, lock, dropped };
}

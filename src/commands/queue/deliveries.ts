import { HubError } from '../../channels/hub-error.js';
import { nextPosition, type Position } from '../../engine/position.js';
import type { CommandPoll, Delivery, PollTerms } from './command-poll.js';
import { DevicePolls, type Outgoing } from './device-polls.js';
import { lease } from './lease.js';
import { positionLock, type TokenLocks } from './locks.js';
import type { QueueChange } from './queue-change.js';
import { acknowledge, takeBackLost } from './what-poll-says.js';

/** What became of a delivery, which the next change of the queue is to learn. */
interface Sent {
  readonly delivery: Delivery;
  readonly is: 'flushed' | 'write_failed';
}

/** What a queue gives to its device: the polls that wait for it, what is on its way to them, and how it got there. */
export class Deliveries {
  readonly polls: DevicePolls;
  private sent: Sent[] = [];
  private lastPosition: Position = 0;

  /** @param news called when there is something to `tell` */
  constructor(
    device: string,
    private readonly locks: TokenLocks,
    private readonly news: () => void,
  ) {
    this.polls = new DevicePolls(device);
  }

  /** how many there are of which `tell` has something to say */
  get untold(): number {
    return this.sent.length;
  }

  /** Tells what became of deliveries. It comes before what a poll says of them: a job that was there first must know it. */
  tell(change: QueueChange): void {
    for (const { delivery, is } of this.sent) {
      for (const { id } of delivery.commands) if (change.find(id)) change.tell(id, { is, lock: delivery.lock });
    }
  }

  /** What the first ones came to is committed. */
  told(count: number): void {
    if (count > 0) this.sent.splice(0, count);
  }

  /** Lets a poll say what it has to say, and wait. */
  admit(poll: CommandPoll, change: QueueChange): void {
    this.polls.hasEntered(poll);
    acknowledge(poll, change);
    // Its client has left, or it got what was on its way to the poll before.
    if (poll.isOver) return;
    takeBackLost(poll, change);
    this.polls.park(poll);
  }

  /** Leases what may go now to the polls that wait. */
  lease(change: QueueChange): readonly Outgoing[] {
    return this.polls.lease(({ terms }) => lease(terms, change, () => this.newLock(terms, change.now)));
  }

  /** Gives a committed lease to its poll, or takes it back when nobody is there any more. */
  hand(outgoing: Outgoing): void {
    this.polls.hasGone(outgoing);
    const { poll, delivery } = outgoing;
    if (poll.isOver) this.noteSent(delivery, false);
    else poll.give(delivery, (isSent) => this.noteSent(delivery, isSent));
  }

  /** A lease was not committed: the polls that were to be served are told. */
  giveUp(leased: readonly Outgoing[], error: unknown): void {
    for (const outgoing of leased) {
      this.polls.hasGone(outgoing);
      outgoing.poll.finish(HubError.from(error));
    }
  }

  private newLock({ lockedBy }: PollTerms, now: number): string {
    if (lockedBy === 'token') return this.locks.next();
    this.lastPosition = nextPosition(this.lastPosition, now);
    return positionLock(this.lastPosition);
  }

  private noteSent(delivery: Delivery, isSent: boolean): void {
    if (isSent && delivery.commands.every(({ ack }) => ack !== 'none')) return;
    this.sent.push({ delivery, is: isSent ? 'flushed' : 'write_failed' });
    this.news();
  }
}

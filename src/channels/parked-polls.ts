import type { StoredMessage } from '../engine/message-log.js';

/** Why a parked poll ends without a message. */
export type PollEnd = 'conflict' | 'gone' | 'timeout' | 'stopping';

/** A request that waits for one message of a channel. Whoever parks it answers exactly one of the two calls. */
export interface Poll {
  /** its place among the parked; owned by ParkedPolls, -1 when it is not parked */
  parkIndex: number;
  deliver(message: StoredMessage): void;
  end(reason: PollEnd): void;
}

/**
 * The polls that wait for a channel's next message: an array with swap-remove. Fan-out takes the whole array and leaves
 * an empty one, so that a client which polls again at once joins the next message and not this one.
 */
export class ParkedPolls {
  private parked: Poll[] = [];

  get size(): number {
    return this.parked.length;
  }

  park(poll: Poll): void {
    poll.parkIndex = this.parked.length;
    this.parked.push(poll);
  }

  /** Takes one poll out; nothing happens when it does not wait here. */
  leave(poll: Poll): void {
    const index = poll.parkIndex;
    if (index < 0 || this.parked[index] !== poll) return;
    const last = this.parked.pop() as Poll;
    if (last !== poll) {
      this.parked[index] = last;
      last.parkIndex = index;
    }
    poll.parkIndex = -1;
  }

  /** Gives the message to all that wait. Returns how many. */
  deliver(message: StoredMessage): number {
    const polls = this.takeAll();
    for (const poll of polls) poll.deliver(message);
    return polls.length;
  }

  /** Ends all that wait. Returns how many. */
  end(reason: PollEnd): number {
    const polls = this.takeAll();
    for (const poll of polls) poll.end(reason);
    return polls.length;
  }

  private takeAll(): Poll[] {
    const polls = this.parked;
    if (polls.length === 0) return polls;
    this.parked = [];
    // First all, then the answers: an answer may close another of these polls' connections.
    for (const poll of polls) poll.parkIndex = -1;
    return polls;
  }
}

import type { StoredMessage } from '../engine/message-log.js';
import { Tally } from './tally.js';

/** Why a parked poll ends without a message. */
export type PollEnd = 'conflict' | 'gone' | 'timeout' | 'stopping';

/** A request that waits for one message of a channel. Whoever parks it answers exactly one of the two calls. */
export interface Poll {
  /** its place among the parked; owned by ParkedPolls, -1 when it is not parked */
  parkIndex: number;
  deliver(message: StoredMessage): void;
  /** @param cause what went wrong, when that is why it ends */
  end(reason: PollEnd, cause?: unknown): void;
}

/** What a poll missed while the log looks for its history: the first message, which is all that a poll can take. */
export interface Joining {
  held: StoredMessage | undefined;
}

/** What channels without polls share; nothing is ever added to it. */
const NOBODY: Poll[] = [];

/**
 * The polls that wait for a channel's next message: an array with swap-remove, or a single one, which is all that a
 * device's channel ever has. Fan-out takes all and leaves nobody, so that a client which polls again at once joins the next
 * message and not this one.
 */
export class ParkedPolls {
  /** the one that waits, while it is alone */
  private single: Poll | undefined = undefined;
  /** those that wait while they are several, or were */
  private parked: Poll[] = NOBODY;
  /** those whose history an engine is still looking for; made when the first one is */
  private joining: Map<Poll, Joining> | undefined = undefined;

  /** @param tally counts these polls among others */
  constructor(private readonly tally: Pick<Tally, 'parkedPolls'> = new Tally()) {}

  get size(): number {
    return this.parked.length + (this.single ? 1 : 0) + (this.joining?.size ?? 0);
  }

  park(poll: Poll): void {
    this.tally.parkedPolls++;
    if (this.parked === NOBODY && !this.single) {
      poll.parkIndex = 0;
      this.single = poll;
      return;
    }
    if (this.single) {
      this.parked = [this.single];
      this.single = undefined;
    }
    poll.parkIndex = this.parked.length;
    this.parked.push(poll);
  }

  /** Lets a poll wait whose history is not known yet: it holds back what comes, until `endJoining`. */
  join(poll: Poll): Joining {
    const joining: Joining = { held: undefined };
    this.joining ??= new Map();
    if (!this.joining.has(poll)) this.tally.parkedPolls++;
    this.joining.set(poll, joining);
    return joining;
  }

  /** Takes a poll out whose history is known. False when it was ended or left meanwhile, and must not be answered. */
  endJoining(poll: Poll, joining: Joining): boolean {
    // The same object may have left and joined anew, as a connection does that serves its next request.
    if (this.joining?.get(poll) !== joining) return false;
    return this.endJoin(poll);
  }

  /** Takes one poll out; nothing happens when it does not wait here. */
  leave(poll: Poll): void {
    this.endJoin(poll);
    const index = poll.parkIndex;
    if (this.single === poll) this.single = undefined;
    else if (index < 0 || this.parked[index] !== poll) return;
    else this.takeOut(index);
    poll.parkIndex = -1;
    this.tally.parkedPolls--;
  }

  /** Gives the message to all that wait. Returns how many. */
  deliver(message: StoredMessage): number {
    const { single } = this;
    if (single && !this.joining) {
      this.takeSingle(single);
      single.deliver(message);
      return 1;
    }
    const polls = this.takeAll();
    const held = this.joining ? this.holdBack(message) : 0;
    for (const poll of polls) poll.deliver(message);
    return polls.length + held;
  }

  /** Ends all that wait. Returns how many. */
  end(reason: PollEnd): number {
    const joining = [...(this.joining?.keys() ?? [])];
    const polls = [...this.takeAll(), ...joining];
    this.joining = undefined;
    this.tally.parkedPolls -= joining.length;
    for (const poll of polls) poll.end(reason);
    return polls.length;
  }

  private holdBack(message: StoredMessage): number {
    let held = 0;
    for (const joining of this.joining?.values() ?? []) {
      if (joining.held) continue;
      joining.held = message;
      held++;
    }
    return held;
  }

  private endJoin(poll: Poll): boolean {
    const hasJoined = this.joining?.delete(poll) ?? false;
    if (hasJoined) this.tally.parkedPolls--;
    return hasJoined;
  }

  private takeOut(index: number): void {
    const last = this.parked.pop() as Poll;
    if (last.parkIndex === index) return;
    this.parked[index] = last;
    last.parkIndex = index;
  }

  private takeSingle(single: Poll): void {
    this.single = undefined;
    single.parkIndex = -1;
    this.tally.parkedPolls--;
  }

  private takeAll(): Poll[] {
    const { single } = this;
    if (single) {
      this.takeSingle(single);
      return [single];
    }
    const polls = this.parked;
    if (polls.length === 0) return polls;
    this.parked = NOBODY;
    this.tally.parkedPolls -= polls.length;
    // First all, then the answers: an answer may close another of these polls' connections.
    for (const poll of polls) poll.parkIndex = -1;
    return polls;
  }
}

import { HubError } from '../../channels/hub-error.js';
import type { PollEnd } from '../../channels/parked-polls.js';
import { added } from '../../channels/with-one.js';
import { asksAlike, type CommandPoll, type Delivery } from './command-poll.js';

/** Commands that were leased for a poll and are not with it yet. */
export interface Outgoing {
  poll: CommandPoll;
  readonly delivery: Delivery;
}

/** Polls of one device that wait at a time: one for each of its sessions. */
const MAX_POLLS = 16;

/** The polls of one device: before their job has run, while they wait, and while commands are on their way to them. */
export class DevicePolls {
  private entering: CommandPoll[] = [];
  private parked: CommandPoll[] = [];
  private outgoing: Outgoing[] = [];

  constructor(private readonly device: string) {}

  /** polls that wait, in one of the three ways */
  get size(): number {
    let size = this.parked.length + this.outgoing.length;
    for (const { isOver } of this.entering) if (!isOver) size++;
    return size;
  }

  /** polls that a command can be leased to */
  get waiting(): number {
    return this.parked.length;
  }

  /**
   * A newer poll of the same session takes the place of an older one, and what was on its way to that.
   * @returns false when it was refused
   */
  enter(poll: CommandPoll): boolean {
    this.takeOver(poll);
    if (this.size >= MAX_POLLS) {
      poll.finish(tooManyPolls(this.device));
      return false;
    }
    this.entering = added(this.entering, poll);
    return true;
  }

  /** Its job runs, or has failed. */
  hasEntered(poll: CommandPoll): void {
    remove(this.entering, poll);
  }

  park(poll: CommandPoll): void {
    this.parked = added(this.parked, poll);
  }

  leave(poll: CommandPoll): void {
    remove(this.parked, poll);
  }

  /** Ends those that are parked. Returns how many. */
  end(reason: PollEnd | HubError): number {
    const { parked } = this;
    this.parked = [];
    for (const poll of parked) poll.finish(reason);
    return parked.length;
  }

  /**
   * Lets go of the parked polls that there are commands for, the longest waiting one first.
   * @param lease what a poll gets; undefined: it goes on waiting
   */
  lease(lease: (poll: CommandPoll) => Delivery | undefined): readonly Outgoing[] {
    const { parked } = this;
    let leased: Outgoing[] = [];
    let kept = 0;
    for (const poll of parked) {
      const delivery = poll.isOver ? undefined : lease(poll);
      if (delivery) leased = added(leased, { poll, delivery });
      else if (!poll.isOver) parked[kept++] = poll;
    }
    while (parked.length > kept) parked.pop();
    for (const outgoing of leased) this.outgoing = added(this.outgoing, outgoing);
    return leased;
  }

  /** What was on its way is with its poll, or has come to nothing. */
  hasGone(outgoing: Outgoing): void {
    remove(this.outgoing, outgoing);
  }

  /** Nothing came of what was leased: its polls wait as before, those that a newer one took the place of excepted. */
  parkAgain(leased: readonly Outgoing[]): void {
    const polls = leased.map(({ poll }) => poll).filter((poll) => !poll.isOver && !this.entering.includes(poll));
    for (const outgoing of leased) this.hasGone(outgoing);
    this.parked = [...polls, ...this.parked];
  }

  private takeOver(poll: CommandPoll): void {
    const { session } = poll.terms;
    for (const older of this.entering) if (older.terms.session === session) older.finish('conflict');
    for (const older of this.parked) if (older.terms.session === session) older.finish('conflict');
    if (this.parked.length > 0) this.parked = this.parked.filter(({ isOver }) => !isOver);
    for (const outgoing of this.outgoing) {
      if (outgoing.poll.isOver || outgoing.poll.terms.session !== session) continue;
      const moves = asksAlike(outgoing.poll.terms, poll.terms);
      outgoing.poll.finish('conflict');
      if (moves) outgoing.poll = poll;
    }
  }
}

/** Nothing happens when it is not there. */
function remove<Item>(items: Item[], item: Item): void {
  const index = items.indexOf(item);
  if (index >= 0 && index === items.length - 1) items.pop();
  else if (index >= 0) items.splice(index, 1);
}

function tooManyPolls(device: string): HubError {
  return new HubError(
    'too_many_polls',
    `Device "${device}" has ${MAX_POLLS} polls open, each with a Signalbox-Session of its own; one more is refused.`,
  );
}

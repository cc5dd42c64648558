import type { HubError } from '../../channels/hub-error.js';
import type { PollEnd } from '../../channels/parked-polls.js';
import type { TrackedDevice } from '../../devices/tracked-device.js';
import type { Command } from '../life/command.js';

/** What a device's poll asks for. */
export interface PollTerms {
  /** tells two programs with one credential apart; '' when the poll names none */
  readonly session: string;
  /** commands in one answer, from 1 */
  readonly max: number;
  readonly leaseMs: number;
  /** of what it was sent before and has; '' for none */
  readonly lock: string;
  /** `token`: chosen at random; `position`: a place in the channel that the poll sees the queue as */
  readonly lockedBy: 'token' | 'position';
}

/** Commands on their way to a device, all under one lock. */
export interface Delivery {
  readonly commands: readonly Command[];
  readonly lock: string;
  /** commands that were dropped since the delivery before, because the queue was full */
  readonly dropped: number;
}

/** Told once: true when the socket took the last byte, false when the connection ended before. */
export type SentListener = (isSent: boolean) => void;

/** A device's request for commands while it waits. A door makes one for each request; one of the two calls answers it. */
export abstract class CommandPoll {
  /** answered, or its client has left */
  isOver = false;
  /** the queue that it waits in */
  waitsIn: { leave(poll: CommandPoll): void } | undefined = undefined;

  constructor(
    readonly terms: PollTerms,
    /** whose black box is told how the hub took what the poll says; undefined: nobody's */
    readonly device?: TrackedDevice | undefined,
  ) {}

  /** Answers with commands. */
  give(delivery: Delivery, sent: SentListener): void {
    this.isOver = true;
    this.deliver(delivery, sent);
  }

  /** Answers without a command, unless it is over already. */
  finish(reason: PollEnd | HubError): void {
    if (this.isOver) return;
    this.isOver = true;
    this.end(reason);
  }

  /** Answers without a command, now, where one would wait. */
  giveUp(): void {
    if (this.isOver) return;
    this.finish('timeout');
    this.leaveQueue();
  }

  /** Its client has left, or is answered by somebody else. */
  leaveQueue(): void {
    this.isOver = true;
    this.waitsIn?.leave(this);
  }

  protected abstract deliver(delivery: Delivery, sent: SentListener): void;
  protected abstract end(reason: PollEnd | HubError): void;
}

/** True when what one poll was to get fits the other's answer. */
export function asksAlike(one: PollTerms, other: PollTerms): boolean {
  return one.session === other.session && one.max === other.max && one.lockedBy === other.lockedBy;
}

import { HubError } from '../../../src/channels/hub-error.js';
import type { PollEnd } from '../../../src/channels/parked-polls.js';
import {
  CommandPoll,
  type Delivery,
  type PollTerms,
  type SentListener,
} from '../../../src/commands/queue/command-poll.js';

/** A poll that keeps what it is told. */
export class RecordedPoll extends CommandPoll {
  delivery: Delivery | undefined;
  sent: SentListener = () => {};
  ended: PollEnd | string | undefined;

  constructor(terms: Partial<PollTerms> = {}) {
    super({ session: '', max: 1, leaseMs: 60_000, lock: '', lockedBy: 'token', ...terms });
  }

  /** ids of the commands that it got */
  get ids(): string[] {
    return this.delivery?.commands.map(({ id }) => id) ?? [];
  }

  protected deliver(delivery: Delivery, sent: SentListener): void {
    this.delivery = delivery;
    this.sent = sent;
  }

  protected end(reason: PollEnd | HubError): void {
    this.ended = reason instanceof HubError ? reason.code : reason;
  }
}

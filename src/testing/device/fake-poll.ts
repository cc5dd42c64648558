import type { HubError } from '../../channels/hub-error.js';
import type { PollEnd } from '../../channels/parked-polls.js';
import { CommandPoll, type Delivery, type SentListener } from '../../commands/queue/command-poll.js';
import type { TrackedDevice } from '../../devices/tracked-device.js';

/** Who polls. */
export interface Poller {
  arrived(poll: FakePoll, delivery: Delivery): void;
  /** The poll was answered without a command. */
  ended(poll: FakePoll, reason: PollEnd | HubError): void;
}

const OK = 200;
const NO_CONTENT = 204;

/** A fake device's request for commands. */
export class FakePoll extends CommandPoll {
  private connection: 'open' | 'cut' | 'hub gone' = 'open';

  constructor(
    private readonly poller: Poller,
    private readonly tracked: TrackedDevice,
    leaseMs: number,
    lock: string,
  ) {
    super({ session: '', max: 1, leaseMs, lock, lockedBy: 'token' }, tracked);
    tracked.pollOpened();
  }

  /** The connection breaks, and the hub notices. */
  cut(): void {
    this.connection = 'cut';
    if (this.isOver) return;
    this.leaveQueue();
    this.tracked.pollEnded(undefined);
  }

  /** The hub at the other end is no more. */
  abandon(): void {
    this.connection = 'hub gone';
  }

  protected deliver(delivery: Delivery, sent: SentListener): void {
    this.tracked.pollEnded(OK, delivery.commands[0]?.seq);
    // As over a socket: the queue goes on before anybody has read the answer.
    setImmediate(() => {
      if (this.connection === 'hub gone') return;
      const isOpen = this.connection === 'open';
      sent(isOpen);
      if (isOpen) this.poller.arrived(this, delivery);
    });
  }

  protected end(reason: PollEnd | HubError): void {
    this.tracked.pollEnded(reason === 'timeout' ? NO_CONTENT : undefined);
    this.poller.ended(this, reason);
  }
}

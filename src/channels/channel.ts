import { Subject } from 'rxjs';
import type { ChannelLog, MaybePromise, NewMessage, StoredMessage } from '../engine/message-log.js';
import type { Position } from '../engine/position.js';
import type { Clock } from './clock.js';
import { joinPoll } from './join.js';
import { isPromise } from './maybe-promise.js';
import { ParkedPolls, type Poll } from './parked-polls.js';
import { Tally } from './tally.js';

/** What a publisher learns: the message with its position, and how many waiting polls got it. */
export interface Publication {
  readonly message: StoredMessage;
  readonly delivered: number;
}

/** The settings that the last publisher or subscriber brought along; for the admin API and the sweep. */
export interface ChannelPolicy {
  readonly location: string;
  readonly minMessageBufferLength: number;
  readonly maxMessageBufferLength: number;
  readonly messageTimeoutMs: number;
  readonly channelTimeoutMs: number;
}

/**
 * A named stream of messages, fed by its log and by nothing else: a message is appended, then goes out to the parked
 * polls and on `live$`, in the log's order (invariant 1).
 */
export class Channel {
  /** messages as they are committed; logic servers and followers hang on it */
  readonly live$ = new Subject<StoredMessage>();
  readonly polls: ParkedPolls;
  /** messages ever published */
  published = 0;
  /** answers to polls that carried a message */
  delivered = 0;
  /** unix ms; undefined: never */
  lastPublishedAt: number | undefined = undefined;
  lastPolledAt: number | undefined = undefined;
  policy: ChannelPolicy | undefined = undefined;
  /** unix ms */
  readonly createdAt: number;
  /** ms of Clock.uptime: the last publish or poll, or the making; idleness must not depend on a clock that is set */
  private usedAt: number;
  private appending = 0;
  /** messages that wait until all observers of `live$` were told the one before; undefined: none is being told */
  private outgoing: StoredMessage[] | undefined = undefined;

  constructor(
    /** group and id in one, see channel-key.ts */
    readonly key: string,
    readonly log: ChannelLog,
    private readonly clock: Clock,
    /** the sums that it is part of */
    private readonly tally = new Tally(),
  ) {
    this.polls = new ParkedPolls(tally);
    this.createdAt = clock.now();
    this.usedAt = clock.uptime();
  }

  /**
   * Appends and sends out one message.
   * @throws EngineError `log_full`, `engine_unavailable`; rejects with the same when the engine answers later
   */
  publish(draft: NewMessage): MaybePromise<Publication> {
    const stored = this.log.append(draft);
    return isPromise(stored) ? this.sendOutLater(stored) : this.sendOut(stored);
  }

  /** True while the log is still storing a message. */
  get isPublishing(): boolean {
    return this.appending > 0;
  }

  /** Answers `poll` with the first message behind `after`: at once from the log, or parks it for the next one. */
  poll(after: Position, poll: Poll): void {
    const found = this.log.next(after);
    if (isPromise(found)) joinPoll(this.polls, found, poll, (message) => this.deliverTo(poll, message));
    else if (found) this.deliverTo(poll, found);
    else this.polls.park(poll);
  }

  /** Takes a poll out that is no longer to be answered from here. */
  leave(poll: Poll): void {
    this.polls.leave(poll);
  }

  deliverTo(poll: Poll, message: StoredMessage): void {
    this.countDelivered(1);
    poll.deliver(message);
  }

  /** Drops `message` when it is the oldest and more than `keepAtLeast` are kept (delete_oldest_received_message). */
  discardReceived(message: StoredMessage, keepAtLeast: number): void {
    if (this.log.first === message.position && this.log.length > keepAtLeast) this.log.dropOldest();
  }

  /** Notes that a subscriber asked, whatever it is answered. */
  noteRequest(): void {
    this.lastPolledAt = this.clock.now();
    this.usedAt = this.clock.uptime();
  }

  /** ms since the last publish or poll, or since the channel was made */
  get idleMs(): number {
    return this.clock.uptime() - this.usedAt;
  }

  private async sendOutLater(stored: Promise<StoredMessage>): Promise<Publication> {
    this.beginPublishing();
    try {
      return this.sendOut(await stored);
    } finally {
      this.endPublishing();
    }
  }

  /** An engine begins to store a message of this channel: the channel stays until `endPublishing`. */
  beginPublishing(): void {
    this.appending++;
  }

  endPublishing(): void {
    this.appending--;
  }

  /** Sends out a message that this channel's log has stored. */
  sendOut(message: StoredMessage): Publication {
    this.published++;
    this.tally.published++;
    this.lastPublishedAt = message.publishedAt;
    this.usedAt = this.clock.uptime();
    const delivered = this.polls.deliver(message);
    this.countDelivered(delivered);
    if (this.live$.observed) this.tell(message);
    return { message, delivered };
  }

  private countDelivered(count: number): void {
    this.delivered += count;
    this.tally.delivered += count;
  }

  /** Tells the observers one message after the other, also when one of them publishes here while it is told. */
  private tell(message: StoredMessage): void {
    if (this.outgoing) {
      this.outgoing.push(message);
      return;
    }
    this.outgoing = [message];
    for (let next = this.outgoing.shift(); next; next = this.outgoing.shift()) this.live$.next(next);
    this.outgoing = undefined;
  }
}

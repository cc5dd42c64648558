import { Subject } from 'rxjs';
import type { ChannelLog, MaybePromise, NewMessage, StoredMessage } from '../engine/message-log.js';
import type { Position } from '../engine/position.js';
import { memoryOf, readMemory } from './channel-memory.js';
import { type ChannelPolicy, isSamePolicy } from './channel-policy.js';
import type { Clock } from './clock.js';
import { joinPoll } from './join.js';
import { isPromise } from './maybe-promise.js';
import { ParkedPolls, type Poll } from './parked-polls.js';
import { Tally } from './tally.js';

/** Hears of every message of the channels that it is connected to, until it says that it is over. */
export interface Watcher {
  readonly isOver: boolean;
  tell(channel: Channel, message: StoredMessage): void;
}

const NO_WATCHERS: readonly Watcher[] = [];

/** What a publisher learns: the message with its position, and how many waiting polls got it. */
export interface Publication {
  readonly message: StoredMessage;
  readonly delivered: number;
}

/** Publishes a channel's messages together with others; undefined: this one goes alone. */
export interface Together {
  publish(channel: Channel, draft: NewMessage): MaybePromise<Publication> | undefined;
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
  /** false once it was deleted, or has left memory: its key leads to another channel, or to none */
  isOpen = true;
  private watchers: readonly Watcher[] = NO_WATCHERS;
  /** set while somebody takes part in what is published here */
  together: Together | undefined = undefined;
  /** unix ms */
  readonly createdAt: number;
  /** the policy that the log keeps with the channel */
  private rememberedPolicy: ChannelPolicy | undefined = undefined;
  /** `published` as the log keeps it */
  private rememberedPublished = 0;
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
    const { notes } = log;
    const { createdAt = clock.now(), ...memory } = notes === undefined ? {} : readMemory(notes);
    Object.assign(this, memory);
    this.createdAt = createdAt;
    this.rememberedPolicy = this.policy;
    this.rememberedPublished = this.published;
    this.usedAt = clock.uptime();
  }

  /**
   * Appends and sends out one message.
   * @throws EngineError `log_full`, `engine_unavailable`; rejects with the same when the engine answers later
   */
  publish(draft: NewMessage): MaybePromise<Publication> {
    if (this.policy !== this.rememberedPolicy && draft.store && draft.durability !== 'none') this.rememberPolicy();
    const together = this.together?.publish(this, draft);
    if (together) return together;
    const stored = this.log.append(draft);
    return isPromise(stored) ? this.sendOutLater(stored) : this.sendOut(stored);
  }

  /** Lets a durable log keep how the channel is set up, and what was counted, beyond its closing and a restart. */
  remember(): void {
    if (!this.log.isDurable) return;
    this.rememberedPolicy = this.policy;
    this.rememberedPublished = this.published;
    this.log.note(memoryOf(this));
  }

  /** What the log keeps of the channel is behind what the channel knows. */
  get isForgetful(): boolean {
    return this.published !== this.rememberedPublished || !isSamePolicy(this.policy, this.rememberedPolicy);
  }

  private rememberPolicy(): void {
    const { log, policy } = this;
    // A log that keeps no notes has nothing to be told; asking anew with each message would cost more than the message.
    if (!log.isDurable || isSamePolicy(policy, this.rememberedPolicy)) this.rememberedPolicy = policy;
    else this.remember();
  }

  /** Lets someone hear of the messages who watches many channels, and comes again when this one is opened anew. */
  connect(watcher: Watcher): void {
    this.watchers = [...this.watchers, watcher];
  }

  /** Those who hear of its messages beside its polls. */
  get followers(): number {
    return this.watchers.length + (this.live$.observed ? 1 : 0);
  }

  /** Nobody waits or publishes here, and nobody follows this channel alone. */
  get isQuiet(): boolean {
    return this.polls.size === 0 && !this.isPublishing && !this.live$.observed;
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
    if (this.watchers.length > 0 || this.live$.observed) this.tell(message);
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
    for (let next = this.outgoing.shift(); next; next = this.outgoing.shift()) {
      if (this.watchers.some(({ isOver }) => isOver)) this.watchers = this.watchers.filter(({ isOver }) => !isOver);
      for (const watcher of this.watchers) watcher.tell(this, next);
      this.live$.next(next);
    }
    this.outgoing = undefined;
  }
}

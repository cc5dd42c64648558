import { Observable, Subject } from 'rxjs';
import type { MessageLog, StoredMessage } from '../engine/message-log.js';
import { Channel } from './channel.js';
import { ChannelIndex, type ChannelRange } from './channel-index.js';
import { channelKey, channelNameOf } from './channel-key.js';
import { type ChannelPattern, channelPattern } from './channel-pattern.js';
import type { Clock } from './clock.js';
import { HubError } from './hub-error.js';
import { Tally } from './tally.js';

export interface ChannelLimits {
  /** channels that exist at a time */
  readonly maxChannels: number;
}

/** A message together with the channel that it came on. */
export interface ChannelMessage {
  readonly channel: Channel;
  readonly message: StoredMessage;
}

/** Sums over all channels since the start, removed ones included. */
export interface ChannelTotals extends Readonly<Tally> {
  readonly channels: number;
}

/** How long an idle channel is kept when no location said otherwise; NHPM's channel_timeout. */
const DEFAULT_CHANNEL_TIMEOUT_MS = 5_000;
/** Channels looked at in one sweep: bounds how long it holds up everything else. */
const CHANNELS_PER_SWEEP = 2_000;

interface Watch {
  readonly pattern: ChannelPattern;
  readonly messages$: Subject<ChannelMessage>;
  isOver: boolean;
}

/** All channels by key: opens, finds, deletes and lists them, and watches them by pattern. */
export class Channels {
  private readonly byKey = new Map<string, Channel>();
  private readonly watches = new Set<Watch>();
  private sweepAt: Iterator<Channel> | undefined;
  private readonly index = new ChannelIndex();
  private readonly tally = new Tally();

  constructor(
    readonly log: MessageLog,
    readonly clock: Clock,
    readonly limits: ChannelLimits,
  ) {}

  find(key: string): Channel | undefined {
    return this.byKey.get(key);
  }

  /** @throws HubError `channel_limit` when the channel is new and there are as many as allowed */
  open(key: string): Channel {
    return this.byKey.get(key) ?? this.create(key);
  }

  /** Ends the channel's polls and streams and forgets it. False when there is none. */
  delete(key: string): boolean {
    const channel = this.byKey.get(key);
    if (!channel) return false;
    this.remove(channel);
    channel.polls.end('gone');
    channel.live$.complete();
    return true;
  }

  /** Up to `limit` channels of the range, in the order of their groups and then of their ids, both by UTF-16 codes. */
  list({ limit, ...range }: ChannelRange & { readonly limit: number }): Channel[] {
    const page: Channel[] = [];
    for (const { group, id } of this.index.names(range)) {
      if (page.length >= limit) break;
      page.push(this.byKey.get(channelKey(group, id)) as Channel);
    }
    return page;
  }

  /**
   * Every message published from now on, on channels without a group whose id matches, also on channels made later.
   * @throws RangeError when the pattern is not one
   */
  watch(pattern: string): Observable<ChannelMessage> {
    const parsed = channelPattern(pattern);
    return new Observable((reader) => {
      const watch: Watch = { pattern: parsed, messages$: new Subject(), isOver: false };
      const subscription = watch.messages$.subscribe(reader);
      this.watches.add(watch);
      for (const channel of this.byKey.values()) this.connect(channel, watch);
      return () => {
        this.watches.delete(watch);
        watch.isOver = true;
        subscription.unsubscribe();
      };
    });
  }

  totals(): ChannelTotals {
    return { channels: this.byKey.size, ...this.tally };
  }

  /** Drops expired messages and idle channels, a bounded number of channels a call, going round. */
  sweep(): void {
    for (let i = 0; i < CHANNELS_PER_SWEEP; i++) {
      this.sweepAt ??= this.byKey.values();
      const { value: channel, done } = this.sweepAt.next();
      if (done) {
        this.sweepAt = undefined;
        return;
      }
      channel.log.dropExpired();
      if (isIdle(channel)) this.retire(channel);
    }
  }

  /** Ends every parked poll, so that its client polls again elsewhere or later. Returns how many there were. */
  endAllPolls(): number {
    let ended = 0;
    for (const channel of this.byKey.values()) ended += channel.polls.end('stopping');
    return ended;
  }

  private create(key: string): Channel {
    if (this.byKey.size >= this.limits.maxChannels) {
      throw new HubError(
        'channel_limit',
        `The hub has ${this.byKey.size} channels, as many as limits.max_channels allows; channel ` +
          `"${channelNameOf(key).id}" was not made. Delete channels, wait until idle ones are swept, or raise the limit.`,
      );
    }
    const channel = new Channel(key, this.log.open(key), this.clock, this.tally);
    this.byKey.set(key, channel);
    this.index.add(key);
    for (const watch of this.watches) this.connect(channel, watch);
    return channel;
  }

  private connect(channel: Channel, watch: Watch): void {
    const { group, id } = channelNameOf(channel.key);
    if (group !== '' || !watch.pattern.matches(id)) return;
    const subscription = channel.live$.subscribe((message) => {
      if (watch.isOver) subscription.unsubscribe();
      else watch.messages$.next({ channel, message });
    });
  }

  private retire(channel: Channel): void {
    this.remove(channel);
    channel.live$.complete();
  }

  private remove(channel: Channel): void {
    this.byKey.delete(channel.key);
    this.index.delete(channel.key);
    this.log.remove(channel.key);
  }
}

function isIdle(channel: Channel): boolean {
  if (channel.log.length > 0 || channel.polls.size > 0 || channel.isPublishing) return false;
  const timeoutMs = channel.policy?.channelTimeoutMs ?? DEFAULT_CHANNEL_TIMEOUT_MS;
  return channel.idleMs > timeoutMs;
}

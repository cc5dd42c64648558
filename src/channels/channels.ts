import { Observable, Subject } from 'rxjs';
import type { ChannelLog, MaybePromise, MessageLog, StoredMessage } from '../engine/message-log.js';
import { compareUtf8 } from '../engine/utf8-order.js';
import { Channel, type Watcher } from './channel.js';
import { type ChannelName, channelNameOf, HUB_GROUP_MARK } from './channel-key.js';
import { readMemory } from './channel-memory.js';
import { type ChannelPattern, channelPattern } from './channel-pattern.js';
import { ChannelSweep } from './channel-sweep.js';
import type { Clock } from './clock.js';
import { HubError } from './hub-error.js';
import { Tally } from './tally.js';
import type { TapPoint } from './tap.js';

export interface ChannelLimits {
  /** channels that exist at a time */
  readonly maxChannels: number;
}

/** Which channels a page begins with. */
export interface ChannelRange {
  /** only those of this group; '' for those of none; undefined: of every group */
  readonly group?: string | undefined;
  /** of the id */
  readonly prefix?: string | undefined;
  /** only those behind it; it need not exist any more */
  readonly after?: ChannelName | undefined;
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

class Watch implements Watcher {
  readonly messages$ = new Subject<ChannelMessage>();
  isOver = false;

  constructor(readonly pattern: ChannelPattern) {}

  tell(channel: Channel, message: StoredMessage): void {
    if (!this.isOver) this.messages$.next({ channel, message });
  }
}

/** All channels by key: opens, finds, deletes and lists them, and watches them by pattern. */
export class Channels {
  private readonly byKey = new Map<string, Channel>();
  private readonly watches = new Set<Watch>();
  private readonly sweeping: ChannelSweep;
  private readonly tally = new Tally();
  private tapPoint: TapPoint | undefined;

  constructor(
    readonly log: MessageLog,
    readonly clock: Clock,
    readonly limits: ChannelLimits,
  ) {
    this.sweeping = new ChannelSweep({
      log,
      clock,
      inUse: this.byKey,
      retire: (channel) => this.retire(channel),
      close: (channel) => this.close(channel),
    });
  }

  /** @param known what it gave for this key before: as long as that is open nothing is looked up */
  find(key: string, known?: Channel): Channel | undefined {
    if (known?.isOpen) return known;
    return this.byKey.get(key) ?? (this.log.has(key) ? this.create(key) : undefined);
  }

  /**
   * @param known what it gave for this key before: as long as that is open nothing is looked up
   * @throws HubError `channel_limit` when the channel is new and there are as many as allowed
   */
  open(key: string, known?: Channel): Channel {
    if (known?.isOpen) return known;
    return this.byKey.get(key) ?? this.create(key);
  }

  /** Ends the channel's polls and streams and forgets it. False when there is none. */
  delete(key: string): boolean {
    const channel = this.find(key);
    if (!channel) return false;
    this.remove(channel);
    channel.polls.end('gone');
    channel.live$.complete();
    return true;
  }

  /** Up to `limit` channels of the range, in the order of their groups and then of their ids, both by UTF-8 bytes. */
  list({ group: only, prefix, after, limit }: ChannelRange & { readonly limit: number }): Channel[] {
    const page: Channel[] = [];
    for (const group of only === undefined ? this.log.groups() : [only]) {
      if (group.startsWith(HUB_GROUP_MARK) || (after && compareUtf8(group, after.group) < 0)) continue;
      const behind = after?.group === group ? after.id : undefined;
      const keys = this.log.channels({ group, prefix, after: behind, limit: limit - page.length });
      for (const key of keys) page.push(this.open(key));
      if (page.length >= limit) break;
    }
    return page;
  }

  /**
   * Looks into a channel's log without making the channel one that is in use: one that was on disk alone is closed again.
   * @param look is also told how many messages were ever published, as far as that is known
   * @returns undefined: there is no such channel
   */
  async glance<T>(key: string, look: (log: ChannelLog, published: number) => MaybePromise<T>): Promise<T | undefined> {
    const inUse = this.byKey.get(key);
    if (inUse) return look(inUse.log, inUse.published);
    if (!this.log.has(key)) return undefined;
    const log = this.log.open(key);
    try {
      return await look(log, (log.notes === undefined ? undefined : readMemory(log.notes).published) ?? 0);
    } finally {
      if (!this.byKey.has(key)) this.log.release(key);
    }
  }

  /**
   * Every message published from now on, on channels without a group whose id matches, also on channels made later.
   * @throws RangeError when the pattern is not one
   */
  watch(pattern: string): Observable<ChannelMessage> {
    const parsed = channelPattern(pattern);
    return new Observable((reader) => {
      const watch = new Watch(parsed);
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

  /** Lets a tap take part in what is published on the channels that it wants; it is asked about each of them anew. */
  tap(point: TapPoint): void {
    this.tapPoint = point;
    for (const channel of this.byKey.values()) this.connectTap(channel);
  }

  /** The tap that takes part in what is published on a channel, if one does. */
  tapOn(channel: Channel): TapPoint | undefined {
    return channel.together ? this.tapPoint : undefined;
  }

  totals(): ChannelTotals {
    return { channels: this.log.stats().channels, ...this.tally };
  }

  /** Drops expired messages and idle channels, a bounded number of channels a call, going round. */
  sweep(): void {
    this.sweeping.sweep();
  }

  /** A channel that can be found on disk leaves memory, once the disk knows all of it. */
  private close(channel: Channel): void {
    if (channel.isForgetful) channel.remember();
    else if (this.log.release(channel.key)) this.letGo(channel);
  }

  /** ms of uptime before which a sweep finds nothing to do, as far as that is known. It looks at every open channel. */
  get nextSweepAt(): number {
    return this.sweeping.nextAt;
  }

  /** Ends every parked poll, so that its client polls again elsewhere or later. Returns how many there were. */
  endAllPolls(): number {
    let ended = 0;
    for (const channel of this.byKey.values()) ended += channel.polls.end('stopping');
    return ended;
  }

  /** Lets the disk know what every channel in use has counted; called once, when the hub stops. */
  rememberAll(): void {
    for (const channel of this.byKey.values()) if (channel.isForgetful) channel.remember();
  }

  private create(key: string): Channel {
    const { channels } = this.log.stats();
    if (channels >= this.limits.maxChannels && !this.log.has(key)) {
      throw new HubError(
        'channel_limit',
        `The hub has ${channels} channels, as many as limits.max_channels allows; channel ` +
          `"${channelNameOf(key).id}" was not made. Delete channels, wait until idle ones are swept, or raise the limit.`,
      );
    }
    const channel = new Channel(key, this.log.open(key), this.clock, this.tally);
    this.byKey.set(key, channel);
    this.connectTap(channel);
    for (const watch of this.watches) this.connect(channel, watch);
    return channel;
  }

  private connectTap(channel: Channel): void {
    const { group, id } = channelNameOf(channel.key);
    channel.together = group === '' && this.tapPoint?.tap.wants(id) ? this.tapPoint : undefined;
  }

  private connect(channel: Channel, watch: Watch): void {
    const { group, id } = channelNameOf(channel.key);
    if (group === '' && watch.pattern.matches(id)) channel.connect(watch);
  }

  private retire(channel: Channel): void {
    this.remove(channel);
    channel.live$.complete();
  }

  private remove(channel: Channel): void {
    this.letGo(channel);
    this.log.remove(channel.key);
  }

  private letGo(channel: Channel): void {
    this.byKey.delete(channel.key);
    channel.isOpen = false;
  }
}

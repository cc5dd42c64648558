import type { MessageLog } from '../engine/message-log.js';
import type { Channel } from './channel.js';
import { readMemory } from './channel-memory.js';
import type { ChannelPolicy } from './channel-policy.js';
import { type Clock, uptimeAt } from './clock.js';

/** How long an idle channel is kept when no location said otherwise; NHPM's channel_timeout. */
const DEFAULT_CHANNEL_TIMEOUT_MS = 5_000;
/** Channels looked at in one sweep: bounds how long it holds up everything else. */
const CHANNELS_PER_SWEEP = 2_000;
/** Channels on disk, open or not, looked at in one sweep. Each is read, so they are fewer. */
const STORED_CHANNELS_PER_SWEEP = 500;
/** A channel that nobody used for so long is closed when it can be found on disk again. */
const CLOSE_AFTER_MS = 30_000;

/** What a sweep goes through, and what becomes of it. */
export interface Sweeping {
  readonly log: MessageLog;
  readonly clock: Pick<Clock, 'now' | 'uptime'>;
  /** channels in use, by key */
  readonly inUse: ReadonlyMap<string, Channel>;
  /** The channel's time is over: it goes, in memory and on disk. */
  retire(channel: Channel): void;
  /** The channel leaves memory, when it can be found on disk again. */
  close(channel: Channel): void;
}

/** Drops expired messages and idle channels, a bounded number of channels a call, going round. */
export class ChannelSweep {
  private at: Iterator<Channel> | undefined;
  /** ms of Clock.uptime */
  private readonly startedAt: number;

  constructor(private readonly around: Sweeping) {
    this.startedAt = around.clock.uptime();
  }

  /** ms of uptime before which it finds nothing to do; 0 when it does not know. It looks at every channel in use. */
  get nextAt(): number {
    const { inUse } = this.around;
    if (this.at || inUse.size > CHANNELS_PER_SWEEP) return 0;
    let next = Number.POSITIVE_INFINITY;
    for (const channel of inUse.values()) next = Math.min(next, this.nextLookAt(channel));
    return next;
  }

  /** Goes on where it ended; called about once a second. */
  sweep(): void {
    const { log, inUse } = this.around;
    log.sweep();
    this.sweepStored();
    for (let i = 0; i < CHANNELS_PER_SWEEP; i++) {
      this.at ??= inUse.values();
      const { value: channel, done } = this.at.next();
      if (done) {
        this.at = undefined;
        return;
      }
      this.look(channel);
    }
  }

  private nextLookAt({ log, polls, isPublishing, idleMs, policy }: Channel): number {
    const { clock } = this.around;
    // What is on disk may be closed, and its messages are not looked at.
    if (log.isDurable || log.firstExpiresAt === undefined) return 0;
    if (log.length > 0) return uptimeAt(clock, log.firstExpiresAt);
    if (polls.size > 0 || isPublishing) return Number.POSITIVE_INFINITY;
    return clock.uptime() + timeoutOf(policy) - idleMs;
  }

  private look(channel: Channel): void {
    channel.log.dropExpired();
    if (isIdle(channel)) this.around.retire(channel);
    else if (channel.isQuiet && channel.idleMs > CLOSE_AFTER_MS) this.around.close(channel);
  }

  /** The same for channels that are on disk and not open. */
  private sweepStored(): void {
    const { log: all, clock, inUse } = this.around;
    for (const key of all.sweepStored(STORED_CHANNELS_PER_SWEEP)) {
      if (inUse.has(key)) continue;
      const log = all.open(key);
      log.dropExpired();
      if (log.length === 0 && clock.uptime() - this.startedAt > timeoutIn(log.notes)) all.remove(key);
      else all.release(key);
    }
  }
}

function isIdle(channel: Channel): boolean {
  if (channel.log.length > 0 || channel.polls.size > 0 || channel.isPublishing) return false;
  return channel.idleMs > timeoutOf(channel.policy);
}

function timeoutIn(notes: string | undefined): number {
  return timeoutOf(notes === undefined ? undefined : readMemory(notes).policy);
}

function timeoutOf(policy: ChannelPolicy | undefined): number {
  return policy?.channelTimeoutMs ?? DEFAULT_CHANNEL_TIMEOUT_MS;
}

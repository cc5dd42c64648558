import type { Subscription } from 'rxjs';
import { channelNameOf } from '../../channels/channel-key.js';
import type { ChannelMessage, Channels } from '../../channels/channels.js';
import type { StoredMessage } from '../../engine/message-log.js';
import { causeOf } from '../cause.js';
import { EventPattern } from '../journal/interest.js';
import type { ReaderSurroundings } from './reader-surroundings.js';

/** A pipeline, as the feed knows it. */
export interface LiveReader {
  readonly name: string;
  readonly pattern: string;
  /** Never throws. */
  read(event: LiveEvent): void;
}

/** An event on its way to a pipeline. */
export interface LiveEvent {
  readonly pipeline: LiveReader;
  readonly channel: string;
  readonly message: Pick<StoredMessage, 'position' | 'publishedAt'>;
  /** of the message, which may make it anew each time it is asked */
  readonly body: Buffer;
  /** turns that caused each other up to the one that published it; 0: none did */
  readonly depth: number;
}

/** Events that a plugin's pipelines get before the event loop goes on with everything else. */
const EVENTS_PER_TICK = 256;

/**
 * Brings live events to the pipelines of one plugin, in their order, out of a bounded queue, in a tick of their own: a
 * pipeline neither holds up nor can it break the publishing of an event. What came while it did not run is not brought.
 */
export class LiveFeed {
  private waiting: LiveEvent[] = [];
  private bytes = 0;
  private readonly watches = new Map<LiveReader, Subscription>();
  private isScheduled = false;
  private isStopped = false;
  private whenIdle: (() => void) | undefined;

  constructor(
    private readonly channels: Channels,
    private readonly around: Pick<ReaderSurroundings, 'counters' | 'limits' | 'warnings'>,
  ) {}

  /** events that wait */
  get size(): number {
    return this.waiting.length;
  }

  watch(pipeline: LiveReader): void {
    const pattern = new EventPattern(pipeline.pattern);
    const subscription = this.channels
      .watch(pattern.text)
      .subscribe((arrived) => this.arrive(pipeline, pattern, arrived));
    this.watches.set(pipeline, subscription);
  }

  leave(pipeline: LiveReader): void {
    this.watches.get(pipeline)?.unsubscribe();
    this.watches.delete(pipeline);
  }

  /** Takes in no more events. @returns resolves when those that are here were read, or `stop` was called */
  drain(): Promise<void> {
    for (const pipeline of [...this.watches.keys()]) this.leave(pipeline);
    return new Promise((resolve) => {
      this.whenIdle = resolve;
      this.tellIdle();
    });
  }

  /** Reads nothing more. What waits is dropped. */
  stop(): void {
    this.isStopped = true;
    for (const pipeline of [...this.watches.keys()]) this.leave(pipeline);
    this.around.counters.dropped += this.waiting.length;
    this.waiting = [];
    this.tellIdle();
  }

  private arrive(pipeline: LiveReader, pattern: EventPattern, { channel, message }: ChannelMessage): void {
    const { id } = channelNameOf(channel.key);
    if (!pattern.matches(id)) return;
    const { counters, limits } = this.around;
    counters.events++;
    const { body } = message;
    const isFull = this.waiting.length >= limits.maxQueuedEvents || this.bytes + body.length > limits.maxQueuedBytes;
    if (isFull) return this.noteDropped(pipeline);
    this.waiting.push({ pipeline, channel: id, message, body, depth: causeOf(message.cause)?.depth ?? 0 });
    this.bytes += body.length;
    this.schedule();
  }

  private noteDropped({ name }: LiveReader): void {
    const { counters, limits, warnings } = this.around;
    counters.dropped++;
    const { maxQueuedEvents, maxQueuedBytes } = limits;
    const sentence =
      `An event for ${name} was dropped: ${this.waiting.length} events with ${this.bytes} bytes wait for the plugin's ` +
      `pipelines, which may have ${maxQueuedEvents} events and ${maxQueuedBytes} bytes. They are slower than the devices.`;
    warnings.warn('dropped', { queued: this.waiting.length, bytes: this.bytes }, sentence);
  }

  private schedule(): void {
    if (this.isScheduled || this.waiting.length === 0) return this.tellIdle();
    this.isScheduled = true;
    setImmediate(() => this.run());
  }

  private run(): void {
    this.isScheduled = false;
    if (this.isStopped) return;
    for (const event of this.waiting.splice(0, EVENTS_PER_TICK)) {
      this.bytes -= event.body.length;
      event.pipeline.read(event);
    }
    this.schedule();
  }

  private tellIdle(): void {
    if (!this.whenIdle || this.waiting.length > 0) return;
    this.whenIdle();
    this.whenIdle = undefined;
  }
}

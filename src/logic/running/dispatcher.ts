import type { Subscription } from 'rxjs';
import { channelNameOf } from '../../channels/channel-key.js';
import type { ChannelMessage, Channels } from '../../channels/channels.js';
import { eventSourceOf } from '../../devices/device-id.js';
import { DeviceQueue } from './device-queue.js';
import type { EventReader, QueuedEvent } from './queued-event.js';
import type { ReaderSurroundings } from './reader-surroundings.js';

/** Events that a plugin gets before the event loop goes on with everything else. */
const EVENTS_PER_TICK = 256;

/**
 * Brings events to the readers of one plugin: in order for each device, a bounded number of devices at a time, out of a
 * bounded queue. Turns begin in a tick of their own, so a plugin neither holds up nor can it break the publishing of an
 * event, and one that answers itself without end leaves the hub its turn.
 */
export class Dispatcher {
  private readonly queue = new DeviceQueue();
  private readonly watches = new Map<EventReader, Subscription>();
  private inHand = 0;
  private isScheduled = false;
  private isStopped = false;
  private whenIdle: (() => void) | undefined;

  constructor(
    private readonly channels: Channels,
    private readonly around: Pick<ReaderSurroundings, 'counters' | 'limits' | 'warnings'>,
  ) {}

  /** events that wait */
  get queued(): number {
    return this.queue.size;
  }

  /** Begins to bring events to a reader. */
  watch(reader: EventReader): void {
    const subscription = this.channels.watch(reader.pattern).subscribe((arrived) => this.arrive(reader, arrived));
    this.watches.set(reader, subscription);
  }

  leave(reader: EventReader): void {
    this.watches.get(reader)?.unsubscribe();
    this.watches.delete(reader);
  }

  /** Takes back an event whose reader was not done with it at once. */
  finish(event: QueuedEvent): void {
    if (this.isStopped) return;
    this.inHand--;
    this.queue.release(event);
    this.schedule();
  }

  /** Takes in no more events. @returns resolves when those that are here were read, or `stop` was called */
  drain(): Promise<void> {
    for (const reader of [...this.watches.keys()]) this.leave(reader);
    return new Promise((resolve) => {
      this.whenIdle = resolve;
      this.tellIdle();
    });
  }

  /** Reads nothing more. What waits is dropped. */
  stop(): void {
    this.isStopped = true;
    for (const reader of [...this.watches.keys()]) this.leave(reader);
    this.around.counters.dropped += this.queue.clear();
    this.inHand = 0;
    this.tellIdle();
  }

  private arrive(reader: EventReader, { channel, message }: ChannelMessage): void {
    const { id } = channelNameOf(channel.key);
    const source = eventSourceOf(id);
    // Patterns may match more than events; only events are brought to plugins.
    if (!source || (isOfHub(source.type) && !isOfHub(reader.pattern.split('/')[3]))) return;
    const { counters, limits } = this.around;
    counters.events++;
    const { body } = message;
    const { size, bytes } = this.queue;
    if (size >= limits.maxQueuedEvents || bytes + body.length > limits.maxQueuedBytes) {
      this.noteDropped(reader);
      return;
    }
    this.queue.add({ reader, ...source, channel: id, message, body, lane: undefined, next: undefined });
    this.schedule();
  }

  private noteDropped({ name }: EventReader): void {
    const { counters, limits, warnings } = this.around;
    counters.dropped++;
    const { maxQueuedEvents, maxQueuedBytes } = limits;
    warnings.warn(
      'dropped',
      { queued: this.queue.size, bytes: this.queue.bytes },
      `An event for ${name} was dropped: ${this.queue.size} events with ${this.queue.bytes} bytes wait for the plugin, ` +
        `which may have ${maxQueuedEvents} events and ${maxQueuedBytes} bytes. It is slower than its devices.`,
    );
  }

  private schedule(): void {
    if (this.isScheduled || this.queue.size === 0) return this.tellIdle();
    this.isScheduled = true;
    setImmediate(() => this.run());
  }

  private run(): void {
    this.isScheduled = false;
    for (let i = 0; i < EVENTS_PER_TICK && !this.isStopped; i++) {
      if (this.inHand >= this.around.limits.concurrency) return;
      const event = this.queue.take();
      if (!event) return this.tellIdle();
      this.inHand++;
      if (event.reader.read(event)) {
        this.inHand--;
        this.queue.release(event);
      }
    }
    this.schedule();
  }

  private tellIdle(): void {
    if (!this.whenIdle || this.inHand > 0 || this.queue.size > 0) return;
    this.whenIdle();
    this.whenIdle = undefined;
  }
}

/** The hub's own events about a device, `$presence` for instance. As in MQTT only a pattern that names them gets them. */
function isOfHub(type: string | undefined): boolean {
  return type?.startsWith('$') === true;
}

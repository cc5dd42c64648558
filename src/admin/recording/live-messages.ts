import { channelNameOf } from '../../channels/channel-key.js';
import type { ChannelMessage, Channels } from '../../channels/channels.js';
import type { StoredMessage } from '../../engine/message-log.js';
import { RECORDED_PREFIX, type RecordedChannels } from './recorded-channels.js';

export interface LiveMessage {
  readonly channel: string;
  readonly message: StoredMessage;
}

/** What waits for a recorder at most; what comes on top is dropped, and counted. */
const MAX_WAITING = 10_000;
const MAX_WAITING_BYTES = 16 * 2 ** 20;

/** What is published on the recorded channels from now on, in its order, in a bounded queue. */
export class LiveMessages {
  private waiting: LiveMessage[] = [];
  private bytes = 0;
  private dropped = 0;
  private readonly leave: () => void;

  /** @param arrived called when there is something to take, or to tell */
  constructor(
    channels: Channels,
    private readonly recorded: RecordedChannels,
    private readonly arrived: () => void,
  ) {
    const watching = channels.watch(`${RECORDED_PREFIX}#`).subscribe((message) => this.arrive(message));
    this.leave = () => watching.unsubscribe();
  }

  /** messages that wait */
  get size(): number {
    return this.waiting.length;
  }

  /** The oldest of what waits. @param limit at most so many */
  take(limit: number): readonly LiveMessage[] {
    const batch = this.waiting.splice(0, limit);
    for (const { message } of batch) this.bytes -= lengthOf(message);
    return batch;
  }

  /** How many were dropped behind what waits, since this was asked last. */
  takeDropped(): number {
    const { dropped } = this;
    this.dropped = 0;
    return dropped;
  }

  /** Takes nothing more in. */
  end(): void {
    this.leave();
  }

  private arrive({ channel, message }: ChannelMessage): void {
    const { id } = channelNameOf(channel.key);
    if (!this.recorded.has(id)) return;
    const length = lengthOf(message);
    // Once something is dropped all is, until what waits was taken: so the gap has one place.
    const isFull = this.waiting.length >= MAX_WAITING || this.bytes + length > MAX_WAITING_BYTES;
    if (isFull || this.dropped > 0) this.dropped++;
    else {
      this.waiting.push({ channel: id, message });
      this.bytes += length;
    }
    this.arrived();
  }
}

/** Bytes of a body, which is not made anew for that where it is kept as text. */
function lengthOf(message: StoredMessage): number {
  return (message.text ?? message.body).length;
}

import { channelNameOf } from '../channels/channel-key.js';
import type { ChannelMessage } from '../channels/channels.js';
import type { HubLife } from './hub/hub-life.js';

/** A message that was published on a channel. */
export interface SeenMessage {
  readonly channel: string;
  /** what its JSON says, its text when it is none, or its bytes when they are neither */
  readonly data: unknown;
  readonly contentType: string | null;
  /** unix ms, of the hub's time */
  readonly publishedAt: number;
}

/** Messages that are remembered; the oldest go first. */
const MAX_SEEN = 100_000;

/** Sees every message that is published, over all lives of a hub. */
export class SeenMessages {
  /** all that were published */
  count = 0;
  private readonly seen: SeenMessage[] = [];

  watch(life: HubLife): void {
    life.channels.watch('#').subscribe((arrived) => this.see(arrived));
  }

  on(channel: string): readonly SeenMessage[] {
    return this.seen.filter((message) => message.channel === channel);
  }

  private see({ channel, message: { body, contentType, publishedAt } }: ChannelMessage): void {
    const { id } = channelNameOf(channel.key);
    this.count++;
    this.seen.push({ channel: id, data: dataOf(body), contentType, publishedAt });
    if (this.seen.length > MAX_SEEN) this.seen.shift();
  }
}

function dataOf(body: Buffer): unknown {
  const text = body.toString('utf8');
  try {
    return JSON.parse(text);
  } catch {
    return Buffer.from(text).equals(body) ? text : body;
  }
}

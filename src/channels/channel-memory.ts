import type { Channel, ChannelPolicy } from './channel.js';

/** What is kept of a channel beside its messages, so that it is the same after it was closed, or after a restart. */
type Memory = Pick<Channel, 'createdAt' | 'published' | 'delivered' | 'lastPublishedAt' | 'lastPolledAt' | 'policy'>;

/** As text, for the channel's log. */
export function memoryOf(channel: Memory): string {
  const { createdAt, published, delivered, lastPublishedAt, lastPolledAt, policy } = channel;
  return JSON.stringify({ createdAt, published, delivered, lastPublishedAt, lastPolledAt, policy });
}

/** @param notes what `memoryOf` gave, also that of an earlier version */
export function readMemory(notes: string): Partial<Memory> {
  return JSON.parse(notes) as Partial<Memory>;
}

/** Whether two locations set a channel up alike. */
export function isSamePolicy(a: ChannelPolicy | undefined, b: ChannelPolicy | undefined): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}

import type { ChannelPolicy } from './channel-policy.js';

/** What is kept of a channel beside its messages, so that it is the same after it was closed, or after a restart. */
export interface ChannelMemory {
  readonly createdAt: number;
  readonly published: number;
  readonly delivered: number;
  readonly lastPublishedAt: number | undefined;
  readonly lastPolledAt: number | undefined;
  readonly policy: ChannelPolicy | undefined;
}

/** As text, for the channel's log. */
export function memoryOf(channel: ChannelMemory): string {
  const { createdAt, published, delivered, lastPublishedAt, lastPolledAt, policy } = channel;
  return JSON.stringify({ createdAt, published, delivered, lastPublishedAt, lastPolledAt, policy });
}

/** @param notes what `memoryOf` gave, also that of an earlier version */
export function readMemory(notes: string): Partial<ChannelMemory> {
  return JSON.parse(notes) as Partial<ChannelMemory>;
}

import type { Durability } from '../engine/message-log.js';

/** The settings that the last publisher or subscriber brought along; for the admin API and the sweep. */
export interface ChannelPolicy {
  readonly location: string;
  readonly minMessageBufferLength: number;
  readonly maxMessageBufferLength: number;
  readonly messageTimeoutMs: number;
  readonly channelTimeoutMs: number;
  readonly durability: Durability;
}

/** Whether two locations set a channel up alike. */
export function isSamePolicy(a: ChannelPolicy | undefined, b: ChannelPolicy | undefined): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}

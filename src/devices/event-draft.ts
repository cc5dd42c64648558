import type { Durability, NewMessage } from '../engine/message-log.js';

export interface DeviceEventOptions {
  /** events of one type and device that are kept */
  readonly eventBufferLength: number;
  /** 0: events do not expire */
  readonly eventTimeoutMs: number;
  readonly eventDurability: Durability;
}

/** The message that an event becomes. @param now unix ms */
export function eventDraft(
  body: Buffer,
  contentType: string | null,
  now: number,
  { eventBufferLength, eventTimeoutMs, eventDurability }: DeviceEventOptions,
): NewMessage {
  return {
    body,
    contentType,
    expiresAt: eventTimeoutMs === 0 ? Number.POSITIVE_INFINITY : now + eventTimeoutMs,
    store: true,
    durability: eventDurability,
    keepAtMost: eventBufferLength,
    keepAtLeast: 0,
  };
}

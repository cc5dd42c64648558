import type { Durability, NewMessage } from '../engine/message-log.js';

export interface DeviceEventOptions {
  /** events of one type and device that are kept */
  readonly eventBufferLength: number;
  /** 0: events do not expire */
  readonly eventTimeoutMs: number;
  readonly eventDurability: Durability;
}

/** What a device sent. */
export type EventContent = Pick<NewMessage, 'body' | 'text' | 'contentType'>;

/** The message that an event becomes. @param now unix ms */
export function eventDraft(
  { body, text, contentType }: EventContent,
  now: number,
  { eventBufferLength, eventTimeoutMs, eventDurability }: DeviceEventOptions,
): NewMessage {
  return {
    body,
    text,
    contentType,
    expiresAt: eventTimeoutMs === 0 ? Number.POSITIVE_INFINITY : now + eventTimeoutMs,
    store: true,
    durability: eventDurability,
    keepAtMost: eventBufferLength,
    keepAtLeast: 0,
  };
}

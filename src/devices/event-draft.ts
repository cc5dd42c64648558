import type { NewMessage } from '../engine/message-log.js';

export interface DeviceEventOptions {
  /** events of one type and device that are kept */
  readonly eventBufferLength: number;
  /** 0: events do not expire */
  readonly eventTimeoutMs: number;
}

/** The message that an event becomes. @param now unix ms */
export function eventDraft(
  body: Buffer,
  contentType: string | null,
  now: number,
  { eventBufferLength, eventTimeoutMs }: DeviceEventOptions,
): NewMessage {
  return {
    body,
    contentType,
    expiresAt: eventTimeoutMs === 0 ? Number.POSITIVE_INFINITY : now + eventTimeoutMs,
    store: true,
    keepAtMost: eventBufferLength,
    keepAtLeast: 0,
  };
}

import { type HandlerDecorator, namedDecorator } from './method-decorator.js';

/** Something that a turn wants done outside of the hub. */
export interface OutboxItem {
  /** unique, and the same at each attempt: hand it on as the key by which the other side tells repetitions */
  readonly id: string;
  readonly name: string;
  /** items of one key are done one after the other */
  readonly key: string;
  /** as `outbox.put` was given it */
  readonly data: unknown;
  /** 1 for the first */
  readonly attempt: number;
}

/**
 * Marks a method that does something outside of the hub: calls a service, sends a mail. It is called after the turn that
 * asked for it was committed, at least once, and again, later each time, as long as it throws.
 */
export function OnOutbox(name: string): HandlerDecorator<OutboxItem> {
  return namedDecorator('outbox', name);
}

import type { MaybePromise } from '../engine/message-log.js';

export function isPromise<T>(value: MaybePromise<T>): value is Promise<T> {
  return value instanceof Promise;
}

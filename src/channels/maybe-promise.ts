import type { MaybePromise } from '../engine/message-log.js';

export function isPromise<T>(value: MaybePromise<T>): value is Promise<T> {
  return value instanceof Promise;
}

/** Goes on with a value: at once when it is here, or when it comes. */
export function andThen<T, R>(value: MaybePromise<T>, next: (value: T) => MaybePromise<R>): MaybePromise<R> {
  return isPromise(value) ? value.then(next) : next(value);
}

/** What `call` gives, or what `instead` gives for the error that it threw or rejected with. */
export function recover<T, R>(call: () => MaybePromise<T>, instead: (error: unknown) => R): MaybePromise<T | R> {
  try {
    const value = call();
    return isPromise(value) ? value.catch(instead) : value;
  } catch (error) {
    return instead(error);
  }
}

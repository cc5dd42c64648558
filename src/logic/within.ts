import type { Deadlined, DeadlineWheel } from '../channels/deadline-wheel.js';

/**
 * The outcome of `promise`, or, when it has none in time, of `late`.
 * @param late called once the time is over; it may throw
 */
export function within<T>(wheel: DeadlineWheel, ms: number, promise: Promise<T>, late: () => T): Promise<T> {
  return new Promise((resolve, reject) => {
    const deadline: Deadlined = {
      dueAt: 0,
      wheelSlot: -1,
      wheelIndex: 0,
      expire: () => resolve(new Promise((settle) => settle(late()))),
    };
    wheel.arm(deadline, ms);
    promise.then(resolve, reject).finally(() => wheel.disarm(deadline));
  });
}

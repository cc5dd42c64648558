import { type HandlerDecorator, namedDecorator } from './method-decorator.js';

/** A timer whose time has come. */
export interface Timer {
  readonly name: string;
  /** what it was set for: a device's id, or whatever `timers.set` was given */
  readonly key: string;
  /** as `timers.set` was given it */
  readonly data: unknown;
  /** unix ms when it was due; the call may come later */
  readonly dueAt: number;
  /** of a timer that repeats: times that passed without a call, this one not among them */
  readonly missed: number;
}

/** Marks a method that is called when a timer of that name is due, which a turn has set. */
export function OnTimer(name: string): HandlerDecorator<Timer> {
  return namedDecorator('timer', name);
}

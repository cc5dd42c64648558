import type { CancelCause } from './command.js';

/** What a device says about a command, under the lock that it got it with. */
export type ReportFact =
  /** its next poll names the lock: it has the command */
  | { readonly is: 'ack'; readonly lock: string }
  /** the work is done, without more words */
  | { readonly is: 'complete'; readonly lock: string }
  /** what came of it: 2xx done, 4xx refused, 5xx failed */
  | { readonly is: 'result'; readonly lock: string; readonly status: number; readonly data?: unknown }
  /** it is still at it: its time for a result begins anew */
  | { readonly is: 'progress'; readonly lock: string }
  /** it can not do it now: give it again, not before `delayMs` have passed */
  | { readonly is: 'abandon'; readonly lock: string; readonly delayMs: number }
  /** it will never do it */
  | { readonly is: 'reject'; readonly lock: string; readonly data?: unknown };

/** What the hub itself sees of a delivery. */
export type DeliveryFact =
  | { readonly is: 'lease'; readonly lock: string; readonly session: string; readonly leaseMs: number }
  /** the socket took the last byte */
  | { readonly is: 'flushed'; readonly lock: string }
  /** the connection ended before the last byte */
  | { readonly is: 'write_failed'; readonly lock: string }
  /** the device polls without the lock of what it was sent: the answer was lost */
  | { readonly is: 'not_acknowledged' };

/** What the producer, or a newer command, does to it. */
export type ProducerFact = { readonly is: 'cancel'; readonly cause: CancelCause } | { readonly is: 'redrive' };

/** Something that happened to a command. `time`: whatever is due by now happens. */
export type Fact = ReportFact | DeliveryFact | ProducerFact | { readonly is: 'time' };

/** When it happened, and the rules that hold. */
export interface Moment {
  /** unix ms */
  readonly now: number;
  /** from 0 up to 1, drawn anew for each fact: spreads redeliveries */
  readonly jitter: number;
  readonly rules: LifeRules;
}

export interface LifeRules {
  /** leases that count; after the last one the command is DEAD */
  readonly maxDeliveries: number;
  /** how long after TIMED_OUT a result is still taken */
  readonly lateWindowMs: number;
}

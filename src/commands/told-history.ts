import type { ToldStep } from '../devices/told-steps.js';
import { isoTime } from './iso-time.js';
import type { CancelCause, Command, Transition } from './life/command.js';
import type { Fact } from './life/fact.js';

type Cause =
  | Exclude<Fact['is'], 'time' | 'cancel'>
  | CancelCause
  | 'sent'
  /** what time alone brings about */
  | 'due'
  | 'lease_expired'
  | 'ttl_passed'
  | 'no_result';

/** What each cause of a transition means. */
const causes: Readonly<Record<Cause, string>> = {
  sent: 'its producer sent it',
  due: 'its time had come',
  lease: 'a poll of the device was given it',
  flushed: "the device's socket took its last byte",
  write_failed: 'the connection ended before its last byte was out',
  not_acknowledged: 'the device polled without its lock, so the answer had been lost',
  lease_expired: 'the device was silent until its lease was over',
  ack: 'a poll of the device named its lock',
  complete: 'the device said that it is done',
  result: 'the device told its result',
  progress: 'the device said that it is at it',
  abandon: 'the device gave it back',
  reject: 'the device rejected it',
  ttl_passed: 'its ttl passed before it was done',
  no_result: 'no result came in time',
  canceled: 'it was canceled',
  superseded: 'a newer command with its key took its place',
  dropped: 'the queue was full, and a newer command came',
  redrive: 'it was driven again',
};

/** What became of a command, in sentences, the oldest first. */
export function tellHistory({ seq, history, forgotten }: Command): ToldStep[] {
  const told = history.map((transition) => ({
    at: isoTime(transition.at),
    sentence: `Command ${seq} became ${sentenceOf(transition)}`,
  }));
  const [first] = told;
  const before = first && forgotten > 0 ? [{ at: first.at, sentence: `${forgotten} earlier steps are not kept.` }] : [];
  return [...before, ...told];
}

function sentenceOf({ to, cause, attempt }: Transition): string {
  return `${to}${attempt > 0 ? ` in delivery ${attempt}` : ''}: ${causes[cause as Cause] ?? cause}.`;
}

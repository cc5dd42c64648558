import type { DeadlineWheel } from '../../channels/deadline-wheel.js';
import { HubError } from '../../channels/hub-error.js';
import { TokenLocks } from '../../commands/queue/locks.js';
import { type BegunTurn, type HandlerHost, type HostedPipeline, PayloadFault } from '../running/handler-host.js';
import type { Job } from '../running/job.js';
import { OpenTurn, type TurnOwner } from '../running/open-turn.js';
import { valueFor } from '../running/turn-value.js';
import { handedTurn } from './handed-turn.js';
import { LeasedTurn } from './leased-turn.js';
import type { TurnPollTerms, WaitingPoll } from './logic-servers.js';
import { type PastLock, PastLocks } from './past-locks.js';
import { TurnPoll } from './turn-poll.js';

export interface LeaseHostParts extends TurnOwner {
  /** unix ms */
  readonly now: () => number;
  readonly wheel: DeadlineWheel;
}

/** Requests for turns of one logic server that may wait; one more is refused. */
export const MAX_POLLS = 32;

/** Hands turns out to a logic server that asks for them, and takes its answers: to the dispatcher a host as any other. */
export class LeaseHost implements HandlerHost {
  readonly isInProcess = false;
  /** those that have room, in the order they came */
  private readonly polls: TurnPoll[] = [];
  private readonly leases = new Map<string, LeasedTurn>();
  private readonly past = new PastLocks();
  private readonly locks = new TokenLocks();
  private becameReady = () => {};
  private isFlushing = false;
  private isEnded = false;

  constructor(private readonly parts: LeaseHostParts) {}

  get isReady(): boolean {
    return this.polls.length > 0;
  }

  start(becameReady: () => void): void {
    this.becameReady = becameReady;
  }

  /** Somebody asks for turns. @throws HubError `too_many_polls`, `stopping` */
  next(terms: TurnPollTerms): WaitingPoll {
    if (this.isEnded) throw new HubError('stopping', 'The hub stops, and hands out no more turns.');
    if (this.polls.length >= MAX_POLLS) throw tooManyPolls(this.parts.plugin);
    const poll = new TurnPoll(terms, (late) => this.end(late));
    this.polls.push(poll);
    this.becameReady();
    if (terms.waitMs > 0) this.parts.wheel.arm(poll, terms.waitMs);
    // Behind the tick in which turns that wait are begun.
    else setImmediate(() => setImmediate(() => this.end(poll)));
    return { turns: poll.turns, cancel: () => this.end(poll) };
  }

  begin(job: Job): BegunTurn {
    const value = valueFor(job, undefined);
    if (!value.isValid) throw new PayloadFault(value.fault);
    const [poll] = this.polls as [TurnPoll];
    const lock = this.locks.next();
    const lease = new LeasedTurn(lock, new OpenTurn(this.parts, job), (over, became) => this.note(over, became));
    this.leases.set(lock, lease);
    const deadline = this.parts.now() + job.handler.rules.timeoutMs;
    poll.add(handedTurn(job, value.data, lock, deadline), job.bytes);
    if (poll.isFull) this.end(poll);
    else this.flushSoon();
    return lease;
  }

  /** The turn that is out under a lock; `answered`: it was answered before. @throws HubError `turn_not_found`, `lock_lost` */
  find(lock: string): LeasedTurn | 'answered' {
    const found = this.leases.get(lock) ?? this.past.find(lock);
    if (found === undefined) {
      throw new HubError(
        'turn_not_found',
        `No turn is known by the lock "${lock.slice(0, 40)}". If it was given before the hub was started, its turn was done ` +
          'or comes again.',
      );
    }
    if (found === 'lost')
      throw new HubError('lock_lost', 'Its lease is over. The turn comes again, to whoever asks for it.');
    return found;
  }

  /** @throws what `begin` of a plugin does not have */
  pipeline(): HostedPipeline {
    throw new HubError('plugin_failed', 'A logic server outside of the hub has no pipelines.');
  }

  /** Hands out nothing more; who waits is answered. Turns that are out may still be answered. */
  stop(): void {
    this.isEnded = true;
    for (const poll of [...this.polls]) this.end(poll);
  }

  private note(lease: LeasedTurn, became: PastLock): void {
    this.leases.delete(lease.lock);
    this.past.note(lease.lock, became);
  }

  /** The turns that can be begun now are begun in one step; what a poll has after it, it is given. */
  private flushSoon(): void {
    if (this.isFlushing) return;
    this.isFlushing = true;
    queueMicrotask(() => {
      this.isFlushing = false;
      for (const poll of this.polls.filter(({ isEmpty }) => !isEmpty)) this.end(poll);
    });
  }

  private end(poll: TurnPoll): void {
    const index = this.polls.indexOf(poll);
    if (index < 0) return;
    this.polls.splice(index, 1);
    this.parts.wheel.disarm(poll);
    poll.answer();
  }
}

function tooManyPolls(server: string): HubError {
  return new HubError(
    'too_many_polls',
    `${MAX_POLLS} requests wait for turns of "${server}", as many as may; ask for more turns with one of them ("max").`,
  );
}

import type { RecordChange } from '../../engine/engine.js';
import type { MaybePromise } from '../../engine/message-log.js';
import type { Revision } from '../../engine/record-table.js';
import type { SourcePoint, TurnId } from '../attempts/turn-id.js';
import type { Cause } from '../cause.js';
import type { LetterRecord } from '../store/records.js';
import type { Lane, Queued } from './lane-queue.js';
import type { TurnHandler } from './turn-handler.js';
import { describeInput, subjectOf, type TurnInput } from './turn-input.js';

/** How a turn is known to be over: what its source wants written down, and who hears of it. */
export interface Acknowledgement {
  /** true: written down also when the turn has asked for nothing, for it must not come again */
  readonly isOwed: boolean;
  /** committed together with what the turn asked for */
  records(): readonly RecordChange[];
  /** Whether it was committed before, or has become void: asked when a commit met a conflict. */
  isSettled(): MaybePromise<boolean>;
  /**
   * The turn is over for good.
   * @param isCommitted its records are
   * @param revision of that commit; left out: not known
   */
  settle(isCommitted: boolean, revision?: Revision): void;
  /** What its attempts are kept by over a restart. Left out, with `wasThere`, for a dead letter: its letter keeps them. */
  turn?(): TurnId;
  /** Whether it could have begun before that moment. */
  wasThere?(then: SourcePoint): boolean;
  /** key of the record in `TIMERS` that `records` deletes */
  readonly takenTimer?: string | undefined;
  /** set when it is driven again out of the dead letters */
  readonly letter?: KeptLetter | undefined;
}

/** A dead letter that is being driven again. */
export interface KeptLetter {
  readonly letter: LetterRecord;
  readonly revision: Revision;
  /** It failed again, and stays. */
  buried(error: unknown): void;
}

/** What a host needs of a job. */
export type CalledJob = Pick<Job, 'handler' | 'input' | 'depth' | 'failures' | 'subject'>;

/** Something that a handler is to be called for. */
export class Job implements Queued<Job> {
  lane: Lane<Job> | undefined = undefined;
  next: Job | undefined = undefined;
  /** attempts that failed */
  failures = 0;
  /** true: these are on record, for a restart */
  hasRecord = false;
  /** true: the hub's process may have ended because of it */
  isUnderSuspicion = false;
  /** attempts in a row that somebody else's change came before */
  conflicts = 0;
  readonly bytes: number;
  /** the device, or the key that it was given */
  readonly subject: string;

  constructor(
    readonly handler: TurnHandler,
    readonly input: TurnInput,
    /** of the turn that caused it; 0: none did */
    readonly depth: number,
    readonly key: string,
    readonly acknowledgement: Acknowledgement,
  ) {
    this.bytes = 'body' in input ? input.body.length : 0;
    this.subject = subjectOf(input);
  }

  /** Of what its turn asks for. */
  causeFor(plugin: string): Cause {
    const { handler, input, depth } = this;
    const behind = 'channel' in input ? undefined : input.behind;
    const { name, version } = handler;
    return { plugin, version, handler: name, by: describeInput(input), behind, depth: depth + 1 };
  }
}

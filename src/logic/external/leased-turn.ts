import { HubError } from '../../channels/hub-error.js';
import type { BegunTurn, TurnResult } from '../running/handler-host.js';
import type { OpenTurn } from '../running/open-turn.js';
import { messageOf } from '../running/reader-surroundings.js';
import type { TurnEnd } from '../running/turn-end.js';
import type { PastLock } from './past-locks.js';

/** A turn that is out: a logic server has it until it answers, or until its lease is over. */
export class LeasedTurn implements BegunTurn {
  readonly ended: Promise<void>;
  /** what whoever has answered it is told; undefined: nobody has */
  outcome: Promise<void> | undefined = undefined;
  private end: (error?: Error) => void = () => {};
  private tell: (error?: Error) => void = () => {};
  private isRejected = false;
  private refusal = '';

  /** @param isOver called, once or more, when its lock holds nothing any more; the last call counts */
  constructor(
    readonly lock: string,
    readonly turn: OpenTurn,
    private readonly isOver: (lease: LeasedTurn, became: PastLock) => void,
  ) {
    this.ended = new Promise((resolve, reject) => {
      this.end = (error) => (error ? reject(error) : resolve());
    });
  }

  /** It was answered: what was asked of `turn` is to be done. @returns resolves when it is, rejects when it is not */
  done(): Promise<void> {
    return this.answered();
  }

  /** It was answered, by a refusal: it failed. @returns resolves when that is noted */
  reject(reason: string): Promise<void> {
    this.isRejected = true;
    return this.answered(new Error(reason));
  }

  /** Its answer was refused; whoever has it may answer again. */
  noteRefusal(error: unknown): void {
    this.refusal = ` Its last answer was refused: ${messageOf(error)}`;
  }

  timeOut(): Error {
    this.abandon();
    const seconds = this.turn.job.handler.rules.timeoutMs / 1000;
    return new Error(`It was not answered within its lease of ${seconds} s.${this.refusal}`);
  }

  close(): TurnResult {
    return this.turn.close();
  }

  abandon(): void {
    this.turn.abandon();
    this.isOver(this, 'lost');
    this.end();
    // Who waits for an answer is told why in the same step, unless the hub stops.
    setImmediate(() => this.tell(new HubError('stopping', 'The hub stops; the turn comes again after its start.')));
  }

  told(end: TurnEnd): void {
    if (end.is === 'done' || this.isRejected) {
      this.isOver(this, 'answered');
      this.tell();
    } else if (end.is === 'again') {
      this.tell(
        new HubError('revision_conflict', 'Another turn changed what this one had read; it comes again at once.'),
      );
    } else {
      const next = end.fault === 'final' ? 'It is given up' : 'It comes again, unless this was its last attempt';
      const { code } = HubError.from(end.error);
      const sentence = `Nothing of the turn was done: ${messageOf(end.error).replace(/\.$/, '')}. ${next}.`;
      this.tell(new HubError(code, sentence, { cause: end.error }));
    }
  }

  private answered(error?: Error): Promise<void> {
    this.outcome = new Promise((resolve, reject) => {
      this.tell = (fault) => (fault ? reject(fault) : resolve());
    });
    this.end(error);
    return this.outcome;
  }
}

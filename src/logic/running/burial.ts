import { andThen, recover } from '../../channels/maybe-promise.js';
import { isConflict } from '../../devices/registry/retry-on-conflict.js';
import type { Engine } from '../../engine/engine.js';
import type { LetterRecord } from '../store/records.js';
import { type DeadLetters, MAX_LETTERS } from './dead-letters.js';
import type { Job } from './job.js';
import { messageOf, type ReaderSurroundings } from './reader-surroundings.js';
import { describeInput, writeInput } from './turn-input.js';

export interface BurialParts extends Pick<ReaderSurroundings, 'counters' | 'decisions' | 'warnings' | 'clock'> {
  readonly engine: Engine;
  readonly letters: DeadLetters;
  readonly nextId: (now: number) => string;
}

/** Characters of an error that a letter keeps. */
const MAX_ERROR_LENGTH = 2_000;

/** Puts turns that have failed for good among the dead letters, and acknowledges what they were for, in one commit. */
export class Burial {
  constructor(private readonly parts: BurialParts) {}

  /** @param done called once; false: it could not be committed, and must be tried again */
  bury(job: Job, error: unknown, done: (isBuried: boolean) => void): void {
    const { engine, letters } = this.parts;
    const { acknowledgement } = job;
    const kept = acknowledgement.letter;
    const { records, done: noteLetter } = letters.put(this.letterOf(job, error), kept?.revision ?? 0);
    recover(
      () =>
        andThen(engine.commit({ records: [...records, ...(kept ? [] : acknowledgement.records())] }), () => {
          this.note(job, noteLetter(), error);
          if (kept) kept.buried(error);
          else acknowledgement.settle(true);
          done(true);
        }),
      (fault) => this.refused(job, fault, done),
    );
  }

  /** What it was for has become void meanwhile, or the engine is away. */
  private refused(job: Job, fault: unknown, done: (isBuried: boolean) => void): void {
    if (!isConflict(fault)) return done(false);
    const { acknowledgement } = job;
    recover(
      () =>
        andThen(acknowledgement.isSettled(), (isSettled) => {
          if (isSettled) acknowledgement.settle(true);
          done(isSettled);
        }),
      () => done(false),
    );
  }

  private letterOf(job: Job, error: unknown): LetterRecord {
    const { handler, input, depth, failures, acknowledgement } = job;
    const now = this.parts.clock.now();
    const before = acknowledgement.letter?.letter;
    return {
      id: before?.id ?? this.parts.nextId(now),
      at: now,
      handler: handler.name,
      version: handler.version,
      input: writeInput(input),
      depth,
      error: messageOf(error).slice(0, MAX_ERROR_LENGTH),
      attempts: (before?.attempts ?? 0) + failures,
    };
  }

  private note(job: Job, hasDropped: boolean, error: unknown): void {
    const { counters, decisions, warnings, clock } = this.parts;
    const { handler, input, acknowledgement } = job;
    decisions.note(job, clock.now(), { is: 'buried', effects: 0, reason: messageOf(error) });
    if (acknowledgement.letter) return;
    counters.buried++;
    const sentence = `${handler.name} is given up for ${describeInput(input)}; it is among the dead letters.`;
    warnings.warn(`${handler.name} buried`, {}, sentence);
    if (!hasDropped) return;
    counters.lettersDropped++;
    const dropped = `The plugin has ${MAX_LETTERS} dead letters, as many as are kept; the oldest was dropped for a new one.`;
    warnings.warn('letters dropped', {}, dropped);
  }
}

import { andThen } from '../../channels/maybe-promise.js';
import type { Engine } from '../../engine/engine.js';
import type { Revision } from '../../engine/record-table.js';
import type { RedriveResult } from '../plugin-status.js';
import type { LetterRecord } from '../store/records.js';
import { LETTERS } from '../store/tables.js';
import type { DeadLetters } from './dead-letters.js';
import { Job } from './job.js';
import { messageOf } from './reader-surroundings.js';
import type { TurnHandler } from './turn-handler.js';
import { readInput, subjectOf } from './turn-input.js';

export interface RedriveParts {
  readonly handler: TurnHandler;
  readonly revision: Revision;
  readonly letters: DeadLetters;
  readonly engine: Engine;
  readonly resolve: (result: RedriveResult) => void;
}

/** The turn that a dead letter is driven again with: once, and in order with those of its key. */
export function redriveJob(letter: LetterRecord, { handler, revision, letters, engine, resolve }: RedriveParts): Job {
  const { id, depth } = letter;
  const input = readInput(letter.input);
  const { key } = letters.removal(id, revision);
  const isSettled = () =>
    andThen(engine.table(LETTERS).get(key), (record) => record === undefined || record.revision !== revision);
  return new Job(handler, input, depth, subjectOf(input), {
    isOwed: true,
    records: () => [letters.removal(id, revision)],
    isSettled,
    settle: () => {
      letters.forget(id);
      resolve({ isDone: true, error: undefined });
    },
    letter: {
      letter,
      revision,
      buried: (error) => resolve({ isDone: false, error: messageOf(error) }),
    },
  });
}

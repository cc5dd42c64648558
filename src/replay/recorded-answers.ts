import type { RecordedOutcome } from '../recording/recorded-line.js';
import { Remembered } from './remembered.js';

/** Commands that are remembered: one that has ended may still be told a late result of. */
const MAX_REMEMBERED = 100_000;

/** A command that the plugin sent in the recording, and its like in the replay. */
type Known =
  | { readonly is: 'awaited'; readonly outcomes: RecordedOutcome[] }
  | { readonly is: 'paired'; readonly replayed: string }
  | { readonly is: 'missing' };

/**
 * Plays what devices answered to a plugin's commands in a recording as answers to the same commands in the replay. What
 * became of others' commands is played as it was; what became of commands that the replay does not send, is not.
 */
export class RecordedAnswers {
  /** outcomes that were played */
  played = 0;
  private readonly known = new Remembered<Known>(MAX_REMEMBERED);

  /** @param publish on the channel of the outcome, with this body */
  constructor(private readonly publish: (outcome: RecordedOutcome, body: object) => void) {}

  /** The plugin sent a command in the recording. */
  expect(id: string): void {
    this.known.set(id, { is: 'awaited', outcomes: [] });
  }

  /** It sends the same in the replay. */
  pair(id: string, replayed: string): void {
    const known = this.known.get(id);
    if (known?.is !== 'awaited') return;
    this.known.set(id, { is: 'paired', replayed });
    for (const outcome of known.outcomes) this.play(outcome, { id: replayed });
  }

  /** It does not. */
  drop(id: string): void {
    if (this.known.get(id)) this.known.set(id, { is: 'missing' });
  }

  /** An outcome comes in the recording. */
  take(outcome: RecordedOutcome): void {
    const id = idIn(outcome);
    const known = id === undefined ? undefined : this.known.get(id);
    if (!known) this.play(outcome, {});
    else if (known.is === 'awaited') known.outcomes.push(outcome);
    else if (known.is === 'paired') this.play(outcome, { id: known.replayed });
  }

  /** @param otherwise what the body says in the replay in place of what it said */
  private play(outcome: RecordedOutcome, otherwise: { readonly id?: string }): void {
    const { body } = outcome;
    if (!('json' in body) || typeof body.json !== 'object' || body.json === null) return;
    this.played++;
    this.publish(outcome, { ...body.json, ...otherwise });
  }
}

function idIn({ body }: RecordedOutcome): string | undefined {
  const id = 'json' in body ? (body.json as { id?: unknown } | null)?.id : undefined;
  return typeof id === 'string' ? id : undefined;
}

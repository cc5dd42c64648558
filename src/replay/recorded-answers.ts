import type { RecordedOutcome } from '../recording/recorded-line.js';

/** States in which a command goes on. */
const OPEN_STATES: ReadonlySet<string> = new Set(['SCHEDULED', 'QUEUED', 'LEASED', 'IN_PROGRESS']);

/** What is known of a command that the plugin sent in the recording. */
interface Known {
  /** of its like in the replay; undefined: there is none yet */
  replayed: string | undefined;
  /** outcomes that wait for it */
  waiting: RecordedOutcome[];
}

/**
 * Plays what devices answered to a plugin's commands in a recording as answers to the same commands in the replay. What
 * became of others' commands is played as it was; what became of commands that the replay does not send, is not.
 */
export class RecordedAnswers {
  /** outcomes that were played */
  played = 0;
  private readonly known = new Map<string, Known>();

  /** @param publish on the channel of the outcome, with this body */
  constructor(private readonly publish: (outcome: RecordedOutcome, body: object) => void) {}

  /** The plugin sent a command in the recording. */
  expect(id: string): void {
    this.known.set(id, { replayed: undefined, waiting: [] });
  }

  /** It sends the same in the replay. */
  pair(id: string, replayed: string): void {
    const known = this.known.get(id);
    if (!known) return;
    known.replayed = replayed;
    for (const outcome of known.waiting.splice(0)) this.play(outcome, id, replayed);
  }

  /** It does not. */
  drop(id: string): void {
    const known = this.known.get(id);
    if (known) known.waiting = [];
  }

  /** An outcome comes in the recording. */
  take(outcome: RecordedOutcome): void {
    const id = idIn(outcome);
    const known = id === undefined ? undefined : this.known.get(id);
    if (id === undefined || !known) this.play(outcome, '', undefined);
    else if (known.replayed === undefined) known.waiting.push(outcome);
    else this.play(outcome, id, known.replayed);
  }

  private play(outcome: RecordedOutcome, id: string, replayed: string | undefined): void {
    const { body, state } = outcome;
    if (!('json' in body) || typeof body.json !== 'object' || body.json === null) return;
    this.played++;
    this.publish(outcome, replayed === undefined ? body.json : { ...body.json, id: replayed });
    if (!OPEN_STATES.has(state)) this.known.delete(id);
  }
}

function idIn({ body }: RecordedOutcome): string | undefined {
  const id = 'json' in body ? (body.json as { id?: unknown } | null)?.id : undefined;
  return typeof id === 'string' ? id : undefined;
}

import { type ErrorCode, HubError } from '../../channels/hub-error.js';

/** Faults that are told of one reply. */
const MAX_TOLD = 20;
/** Wrong whoever asks: it is told by one code, with those that a grant or a limit stands against behind it. */
const INVALID: ReadonlySet<ErrorCode> = new Set(['invalid_payload', 'invalid_device_id']);

/** Collects what is wrong with a reply, to tell all of it at once; of what is not told it keeps the number. */
export class ReplyFaults {
  private readonly told: string[] = [];
  private more = 0;
  private code: ErrorCode | undefined = undefined;

  get isEmpty(): boolean {
    return this.code === undefined;
  }

  /** Its form is wrong. */
  add(sentence: string): void {
    this.note('invalid_payload', sentence);
  }

  /** Runs a step, and notes what it throws, with its place. @throws what is no HubError */
  during(place: string, step: () => void): void {
    try {
      step();
    } catch (error) {
      if (!(error instanceof HubError)) throw error;
      this.note(error.code, `${place}: ${error.message}`);
    }
  }

  /** @throws HubError with every sentence */
  throwIfAny(): void {
    if (this.code === undefined) return;
    const more = this.more > 0 ? [`There are ${this.more} more faults.`] : [];
    throw new HubError(this.code, [...this.told, ...more].join(' '));
  }

  private note(code: ErrorCode, sentence: string): void {
    this.code = INVALID.has(code) ? 'invalid_payload' : (this.code ?? code);
    if (this.told.length < MAX_TOLD) this.told.push(sentence);
    else this.more++;
  }
}

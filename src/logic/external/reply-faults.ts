import { type ErrorCode, HubError } from '../../channels/hub-error.js';

/** Faults that are told of one reply. */
const MAX_TOLD = 20;
/** Wrong whoever asks: it is told by one code, with those that a grant or a limit stands against behind it. */
const INVALID: ReadonlySet<ErrorCode> = new Set(['invalid_payload', 'invalid_device_id']);

/** Collects what is wrong with a reply, to tell all of it at once. */
export class ReplyFaults {
  private readonly faults: HubError[] = [];

  get isEmpty(): boolean {
    return this.faults.length === 0;
  }

  add(fault: HubError): void {
    this.faults.push(fault);
  }

  /** Runs a step, and notes what it throws, with its place. @throws what is no HubError */
  during(place: string, step: () => void): void {
    try {
      step();
    } catch (error) {
      if (!(error instanceof HubError)) throw error;
      this.faults.push(new HubError(error.code, `${place}: ${error.message}`));
    }
  }

  /** @throws HubError with every sentence */
  throwIfAny(): void {
    const [first] = this.faults;
    if (!first) return;
    const told = this.faults.slice(0, MAX_TOLD).map(({ message }) => message);
    const more = this.faults.length - told.length;
    if (more > 0) told.push(`There are ${more} more faults.`);
    const code = this.faults.some((fault) => INVALID.has(fault.code)) ? 'invalid_payload' : first.code;
    throw new HubError(code, told.join(' '));
  }
}

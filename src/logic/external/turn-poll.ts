import type { Deadlined } from '../../channels/deadline-wheel.js';
import type { HandedTurn, TurnPollTerms } from './logic-servers.js';

/** Bytes of payloads that are put into one answer; a turn that goes beyond is the last one of it. */
const MAX_ANSWER_BYTES = 1024 * 1024;

/** A request for turns that waits. */
export class TurnPoll implements Deadlined {
  dueAt = 0;
  wheelSlot = -1;
  wheelIndex = 0;
  readonly turns: Promise<readonly HandedTurn[]>;
  private readonly taken: HandedTurn[] = [];
  private bytes = 0;
  private resolve: (turns: readonly HandedTurn[]) => void = () => {};

  /** @param expired called when it has waited for its time */
  constructor(
    readonly terms: TurnPollTerms,
    private readonly expired: (poll: TurnPoll) => void,
  ) {
    this.turns = new Promise((resolve) => {
      this.resolve = resolve;
    });
  }

  get isFull(): boolean {
    return this.taken.length >= this.terms.max || this.bytes >= MAX_ANSWER_BYTES;
  }

  get isEmpty(): boolean {
    return this.taken.length === 0;
  }

  add(turn: HandedTurn, bytes: number): void {
    this.taken.push(turn);
    this.bytes += bytes;
  }

  /** Ends the waiting, with what it was given. */
  answer(): void {
    this.resolve(this.taken);
  }

  expire(): void {
    this.expired(this);
  }
}

import type { Position } from '../../../src/engine/position.js';

/** A message as it was read from the hub: its number in the channel, which its body carries, and its position. */
export interface SeenMessage {
  readonly number: number;
  readonly position: Position;
}

/** What became of a request: the hub said that it is done, or it was killed before it said anything. */
export type Outcome = 'done' | 'unknown';

/**
 * What may be true of one channel, from what its only publisher was told and from what readers saw. Messages are numbered
 * from 1; those whose answer never came may be there or not, once.
 */
export class ChannelAccount {
  private sent = 0;
  /** numbers that were acknowledged or seen by a reader: nothing but trimming and deleting takes them away */
  private readonly sure = new Set<number>();
  private readonly positions = new Map<number, Position>();
  private readonly numbers = new Map<Position, number>();
  /** all up to this one were deleted */
  private goneTo = 0;
  /** all up to this one may have been deleted, or none of them */
  private maybeGoneTo = 0;

  /** @param buffer messages that are kept at most */
  constructor(
    readonly name: string,
    private readonly buffer = Number.POSITIVE_INFINITY,
  ) {}

  /** The number of the next message. */
  send(): number {
    return ++this.sent;
  }

  acknowledge(number: number): void {
    this.sure.add(number);
  }

  /** The channel was deleted behind the last message that was sent. */
  delete(outcome: Outcome): void {
    if (outcome === 'unknown') this.maybeGoneTo = this.sent;
    else this.forget(this.sent);
  }

  /** A reader got this message. @returns what is wrong with that */
  see({ number, position }: SeenMessage): string[] {
    const wrong: string[] = [];
    const known = this.positions.get(number);
    const other = this.numbers.get(position);
    if (number < 1 || number > this.sent) wrong.push(this.say(`message ${number} was never sent`));
    if (known !== undefined && known !== position) {
      wrong.push(this.say(`message ${number} was at position ${known} and is now at ${position}`));
    }
    if (other !== undefined && other !== number) {
      wrong.push(this.say(`position ${position} was message ${other}'s and is now message ${number}'s`));
    }
    this.positions.set(number, position);
    this.numbers.set(position, number);
    if (number > this.goneTo) this.sure.add(number);
    return wrong;
  }

  /**
   * Compares all that the hub has stored, while nobody publishes.
   * @param behind the number of the message behind which it was read; 0: from the beginning
   * @returns what is wrong
   */
  check(stored: readonly SeenMessage[], behind = 0): string[] {
    this.resolveDeletion(stored, behind);
    return [
      ...this.checkOrder(stored),
      ...stored.filter(({ number }) => number <= this.goneTo).map(({ number }) => this.say(`${number} was deleted`)),
      ...this.checkComplete(stored, behind),
      ...stored.flatMap((message) => this.see(message)),
    ];
  }

  /** What was true of the channel up to now. */
  copy(): ChannelAccount {
    const copy = new ChannelAccount(this.name, this.buffer);
    copy.become(this);
    for (const number of this.sure) copy.sure.add(number);
    return copy;
  }

  /** The same with all that was sent and seen since, none of which must be there. */
  grown(later: ChannelAccount): ChannelAccount {
    const grown = this.copy();
    grown.become(later);
    return grown;
  }

  private become({ sent, goneTo, maybeGoneTo, positions, numbers }: ChannelAccount): void {
    this.sent = sent;
    this.goneTo = goneTo;
    this.maybeGoneTo = maybeGoneTo;
    for (const [number, position] of positions) this.positions.set(number, position);
    for (const [position, number] of numbers) this.numbers.set(position, number);
  }

  private checkOrder(stored: readonly SeenMessage[]): string[] {
    return stored.flatMap((message, i) => {
      const before = stored[i - 1];
      if (!before || (before.number < message.number && before.position < message.position)) return [];
      return this.say(
        `message ${message.number} at ${message.position} stands behind message ${before.number} at ${before.position}`,
      );
    });
  }

  private checkComplete(stored: readonly SeenMessage[], behind: number): string[] {
    const numbers = new Set(stored.map(({ number }) => number));
    const wrong: string[] = [];
    if (stored.length > this.buffer) wrong.push(this.say(`${stored.length} are stored, and ${this.buffer} may be`));
    // With a full buffer those before the first were trimmed.
    const first = stored.length >= this.buffer ? (stored[0] as SeenMessage).number : 0;
    for (const number of this.sure) {
      const isDue = number > behind && number >= first && number > this.goneTo;
      if (isDue && !numbers.has(number)) wrong.push(this.say(`message ${number} is lost`));
    }
    return wrong;
  }

  /** A deletion that nobody heard the end of took all or nothing. */
  private resolveDeletion(stored: readonly SeenMessage[], behind: number): void {
    const isThere = stored.some(({ number }) => number <= this.maybeGoneTo);
    if (behind === 0 && this.maybeGoneTo > 0 && !isThere) this.forget(this.maybeGoneTo);
    this.maybeGoneTo = 0;
  }

  private forget(to: number): void {
    this.goneTo = Math.max(this.goneTo, to);
    for (const number of this.sure) if (number <= to) this.sure.delete(number);
  }

  private say(what: string): string {
    return `channel ${this.name}: ${what}`;
  }
}

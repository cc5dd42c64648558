import { BEFORE_ALL, nextPosition, type Position, positionOf } from '../position.js';

/** How far ahead positions are reserved for messages that are not on disk when they are told: 10 s. */
const RESERVED_AHEAD = positionOf(10, 0);
/** A reservation is renewed when less than this is left of it: 5 s. */
const RENEW_BEFORE = positionOf(5, 0);

/** What is on disk about positions. */
export interface PositionState {
  /** the highest of a message that is or was stored */
  readonly highest: Position;
  /** no position above this was told to anybody */
  readonly reserved: Position;
}

/**
 * Which positions may be given (docs/adr/0003-positions.md). Those of messages that are committed before anybody hears of
 * them need no care. All others must lie below a mark that is on disk already, for after a crash a hub begins above it.
 */
export class Positions {
  private highest: Position;
  /** as on disk */
  private reserved: Position;
  /** as a commit under way, or the next one, will leave it on disk */
  private wanted: Position;
  /** channels begin, and channels of an earlier run go on, above this */
  readonly start: Position;
  private floor: Position;

  constructor(found: PositionState) {
    this.start = Math.max(found.highest, found.reserved);
    this.floor = this.start;
    this.highest = this.start;
    this.reserved = this.start;
    this.wanted = this.start;
  }

  /** A new channel begins above this: the highest position of all that were removed. */
  get lowest(): Position {
    return this.floor;
  }

  /** Notes that a channel was removed, so that its name can come again. @param last its highest position */
  forget(last: Position): void {
    this.floor = Math.max(this.floor, last);
  }

  /** @param last the highest position that the channel ever had, or what it begins above */
  next(last: Position, nowMs: number): Position {
    const position = nextPosition(last, nowMs);
    if (position > this.highest) this.highest = position;
    return position;
  }

  /** Whether this position may be told before a commit; when not, or not for long, more are reserved with the next. */
  isReserved(position: Position): boolean {
    if (position + RENEW_BEFORE > this.wanted) this.wanted = position + RESERVED_AHEAD;
    return position <= this.reserved;
  }

  /** Whether a reservation waits for a commit. */
  get isRenewing(): boolean {
    return this.wanted > this.reserved;
  }

  /** What a commit that is made now leaves on disk. */
  get state(): PositionState {
    return { highest: this.highest, reserved: this.wanted };
  }

  /** What the last commit of a hub that stops leaves on disk: nothing is reserved any more. */
  get lastState(): PositionState {
    return { highest: this.highest, reserved: BEFORE_ALL };
  }

  /** Notes that a state is on disk. */
  settle({ reserved }: PositionState): void {
    this.reserved = Math.max(this.reserved, reserved);
  }
}

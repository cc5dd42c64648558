/** What a black box writes down beside answers, which are noted by their HTTP status. */
export const NOTED = { pollOpened: 1, clientLeft: 2, event: 3 } as const;

export interface Noted {
  /** unix ms */
  readonly at: number;
  /** one of NOTED, or the HTTP status that a poll was answered with */
  readonly what: number;
}

/** How many of a device's last steps are kept. */
export const BLACK_BOX_LENGTH = 16;

/** Room for every HTTP status; time and code share one number, 2^41 ms (year 2039) times 2^10 fitting in a double's 2^53. */
const CODES = 1024;

/** The last steps of one device in a ring of plain numbers: 8 bytes a step, nothing allocated once it is full. */
export class BlackBox {
  private readonly ring: number[] = [];
  private next = 0;

  /** @param at unix ms @param what one of NOTED or an HTTP status, 0 to 1,023 */
  note(at: number, what: number): void {
    this.ring[this.next] = Math.floor(at) * CODES + what;
    this.next = (this.next + 1) % BLACK_BOX_LENGTH;
  }

  /** The steps, the oldest first. */
  steps(): Noted[] {
    const inOrder = this.ring.length < BLACK_BOX_LENGTH ? this.ring : this.turned();
    return inOrder.map((mark) => ({ at: Math.floor(mark / CODES), what: mark % CODES }));
  }

  private turned(): number[] {
    return [...this.ring.slice(this.next), ...this.ring.slice(0, this.next)];
  }
}

/** Numbers that look random and are the same for the same seed, so that a run's choices can be made again. */
export class Random {
  private state: number;

  /** @param seed a whole number */
  constructor(readonly seed: number) {
    this.state = seed >>> 0;
  }

  /** 0 up to 1 */
  next(): number {
    // mulberry32
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), this.state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** A whole number from `min` to `max`, both included. */
  from(min: number, max: number): number {
    return min + Math.floor(this.next() * (max - min + 1));
  }

  isOnceIn(times: number): boolean {
    return this.next() * times < 1;
  }
}

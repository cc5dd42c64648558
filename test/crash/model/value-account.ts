/** What may be true of a value that is overwritten again and again, with 1, 2, 3 and so on. */
export class ValueAccount {
  private written = 0;
  private acknowledged = 0;

  constructor(readonly name: string) {}

  write(): number {
    return ++this.written;
  }

  acknowledge(value: number): void {
    this.acknowledged = value;
  }

  /** @param value as the hub has it; 0: it has none @returns what is wrong with it */
  check(value: number): string[] {
    if (value >= this.acknowledged && value <= this.written) return [];
    return [
      `${this.name} is ${value}, and was ${this.acknowledged} when that was acknowledged, ${this.written} at most`,
    ];
  }
}

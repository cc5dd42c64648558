/** What is said of things by name, of the newest ones alone: a recording may be longer than memory. */
export class Remembered<Value> {
  /** the oldest first */
  private readonly values = new Map<string, Value>();

  /** @param most how many are remembered */
  constructor(private readonly most: number) {}

  get(name: string): Value | undefined {
    return this.values.get(name);
  }

  /** A new one takes the place of the oldest when there are too many. */
  set(name: string, value: Value): void {
    this.values.set(name, value);
    if (this.values.size <= this.most) return;
    for (const oldest of this.values.keys()) {
      this.values.delete(oldest);
      return;
    }
  }
}

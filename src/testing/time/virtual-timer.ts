import type { Clock } from '../../channels/clock.js';

/** A timer of Node's shape that runs on a clock. */
export class VirtualTimer {
  private end: () => void = () => {};
  private isPending = true;

  /**
   * @param repeats true: it goes on until it is closed
   * @param ended told once, when nothing more will be called
   */
  constructor(
    private readonly clock: Clock,
    private readonly ms: number,
    private readonly call: () => void,
    private readonly repeats: boolean,
    private readonly ended: () => void,
  ) {
    this.begin();
  }

  close(): this {
    this.end();
    if (this.isPending) this.ended();
    this.isPending = false;
    return this;
  }

  /** Begins its time anew. */
  refresh(): this {
    if (!this.isPending) return this;
    this.end();
    this.begin();
    return this;
  }

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }

  hasRef(): boolean {
    return false;
  }

  [Symbol.dispose](): void {
    this.close();
  }

  private begin(): void {
    this.end = this.clock.every(this.ms, () => {
      if (!this.repeats) this.close();
      this.call();
    });
  }
}

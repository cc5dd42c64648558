import { type Command, dueAt } from '../life/command.js';

interface Deadline {
  readonly at: number;
  readonly command: Command;
}

/** Deadlines of commands that have changed since; more than these, and those that count are sorted anew. */
const MAX_OUTDATED = 32;

/**
 * When time alone will change a command of a queue: a heap with the earliest on top. A command that changes leaves its old
 * deadline behind, which is thrown away when it comes to the top.
 */
export class Deadlines {
  private heap: Deadline[] = [];

  /** @param current the commands as they are now */
  constructor(private readonly current: { has(command: Command): boolean; readonly size: number }) {}

  add(command: Command): void {
    const at = dueAt(command);
    if (at === undefined) return;
    if (this.heap.length >= 2 * this.current.size + MAX_OUTDATED) this.tidy();
    this.push({ at, command });
  }

  /** The command that is due first. */
  first(): Command | undefined {
    let top = this.heap[0];
    while (top && !this.current.has(top.command)) {
      this.pop();
      top = this.heap[0];
    }
    return top?.command;
  }

  /** unix ms; undefined: no command waits for time */
  get nextAt(): number | undefined {
    return this.first() && this.heap[0]?.at;
  }

  private tidy(): void {
    const kept = this.heap.filter(({ command }) => this.current.has(command));
    // An array in order is a heap.
    this.heap = kept.sort((a, b) => a.at - b.at);
  }

  private push(deadline: Deadline): void {
    const { heap } = this;
    let at = heap.length;
    while (at > 0) {
      const parent = (at - 1) >>> 1;
      if ((heap[parent] as Deadline).at <= deadline.at) break;
      heap[at] = heap[parent] as Deadline;
      at = parent;
    }
    heap[at] = deadline;
  }

  private pop(): void {
    const { heap } = this;
    const last = heap.pop();
    if (!last || heap.length === 0) return;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && (heap[child + 1] as Deadline).at < (heap[child] as Deadline).at) child++;
      if ((heap[child] as Deadline).at >= last.at) break;
      heap[at] = heap[child] as Deadline;
      at = child;
    }
    heap[at] = last;
  }
}

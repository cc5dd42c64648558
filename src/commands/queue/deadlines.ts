import { type Command, dueAt } from '../life/command.js';

interface Deadline {
  readonly at: number;
  readonly command: Command;
}

/** The commands of a queue as they are now. */
export interface CurrentCommands {
  readonly size: number;
  /** undefined: they are many */
  readonly few: readonly { readonly command: Command }[] | undefined;
  has(command: Command): boolean;
  commands(): Iterable<Command>;
}

/** Deadlines of commands that have changed since; more than these, and those that count are sorted anew. */
const MAX_OUTDATED = 32;

/**
 * When time alone will change a command of a queue. Of a few commands the earliest is looked for; more have a heap with
 * the earliest on top. A command that changes leaves its old deadline behind there, which is thrown away when it comes to
 * the top.
 */
export class Deadlines {
  /** undefined while the commands are few */
  private heap: Deadline[] | undefined = undefined;

  constructor(private readonly current: CurrentCommands) {}

  /** A command has come, or is another one now; it is among the current ones already. */
  add(command: Command): void {
    const { few, size } = this.current;
    if (few) {
      this.heap = undefined;
      return;
    }
    if (!this.heap || this.heap.length >= 2 * size + MAX_OUTDATED) {
      this.heap = this.inOrder();
      return;
    }
    const at = dueAt(command);
    if (at !== undefined) push(this.heap, { at, command });
  }

  /** The command that is due first. */
  first(): Command | undefined {
    const { heap, current } = this;
    if (current.few || !heap) return firstOf(current.few ?? []);
    while (heap[0] && !current.has(heap[0].command)) pop(heap);
    return heap[0]?.command;
  }

  /** unix ms; undefined: no command waits for time */
  get nextAt(): number | undefined {
    const first = this.first();
    return first && dueAt(first);
  }

  /** An array in order is a heap. */
  private inOrder(): Deadline[] {
    const deadlines: Deadline[] = [];
    for (const command of this.current.commands()) {
      const at = dueAt(command);
      if (at !== undefined) deadlines.push({ at, command });
    }
    return deadlines.sort((a, b) => a.at - b.at);
  }
}

function firstOf(few: readonly { readonly command: Command }[]): Command | undefined {
  let first: Command | undefined;
  let firstAt = Number.POSITIVE_INFINITY;
  for (const { command } of few) {
    const at = dueAt(command);
    if (at === undefined || at >= firstAt) continue;
    first = command;
    firstAt = at;
  }
  return first;
}

function push(heap: Deadline[], deadline: Deadline): void {
  let at = heap.length;
  while (at > 0) {
    const parent = (at - 1) >>> 1;
    if ((heap[parent] as Deadline).at <= deadline.at) break;
    heap[at] = heap[parent] as Deadline;
    at = parent;
  }
  heap[at] = deadline;
}

function pop(heap: Deadline[]): void {
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

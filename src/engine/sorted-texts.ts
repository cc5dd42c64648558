import { compareUtf8 } from './utf8-order.js';

/** Texts in one run; a longer one is cut in two. Adding moves at most this many places, which costs less than comparing. */
const MAX_RUN = 512;

/**
 * A set of texts in the order of their UTF-8 bytes, kept in short sorted runs: adding, deleting and finding a place take
 * some twenty comparisons among a million texts, and a text costs its place in an array.
 */
export class SortedTexts {
  private readonly runs: string[][] = [];
  size = 0;

  add(text: string): void {
    const at = Math.min(this.runOf(text), Math.max(0, this.runs.length - 1));
    const run = this.runs[at];
    if (!run) {
      this.runs.push([text]);
      this.size++;
      return;
    }
    const place = placeOf(run, text);
    if (run[place] === text) return;
    run.splice(place, 0, text);
    this.size++;
    if (run.length > MAX_RUN) this.runs.splice(at + 1, 0, run.splice(run.length >>> 1));
  }

  delete(text: string): void {
    const at = this.runOf(text);
    const run = this.runs[at];
    if (!run) return;
    const place = placeOf(run, text);
    if (run[place] !== text) return;
    run.splice(place, 1);
    this.size--;
    if (run.length === 0) this.runs.splice(at, 1);
  }

  /** From the first that is not before `least` on; nothing may be added or deleted meanwhile. */
  *from(least: string): Generator<string> {
    const first = this.runOf(least);
    for (let at = first; at < this.runs.length; at++) {
      const run = this.runs[at] as string[];
      for (let i = at === first ? placeOf(run, least) : 0; i < run.length; i++) yield run[i] as string;
    }
  }

  /** Index of the first run that ends at `text` or behind it; how many runs there are when none does. */
  private runOf(text: string): number {
    return firstIndex(this.runs.length, (i) => compareUtf8(this.runs[i]?.at(-1) as string, text) >= 0);
  }
}

/** Index of the first text that is not before `text`. */
function placeOf(run: readonly string[], text: string): number {
  return firstIndex(run.length, (i) => compareUtf8(run[i] as string, text) >= 0);
}

/** The first index from 0 that `isBehind` is true of, and of all after it; `length` when there is none. */
function firstIndex(length: number, isBehind: (index: number) => boolean): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (isBehind(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}

import { compareUtf8, isPlain } from './utf8-order.js';

/** Texts in one run; a longer one is cut in two. Adding moves at most this many places, which costs less than comparing. */
const MAX_RUN = 512;

/**
 * A set of texts in the order of their UTF-8 bytes, kept in short sorted runs: adding, deleting and finding a place take
 * some twenty comparisons among a million texts, and a text costs its place in an array.
 */
export class SortedTexts {
  private readonly runs: string[][] = [];
  /** JavaScript's own order is that of the bytes as long as every text is plain, and much faster */
  private isPlain = true;
  size = 0;

  add(text: string): void {
    if (this.isPlain && !isPlain(text)) this.isPlain = false;
    const last = this.runs.length - 1;
    // Keys that begin with a time come in their order, and their place need not be looked for.
    const isBehindAll = last >= 0 && this.isBefore((this.runs[last] as string[]).at(-1) as string, text);
    const at = isBehindAll ? last : this.runOf(text);
    const run = this.runs[at];
    if (!run) {
      this.runs.push([text]);
      this.size++;
      return;
    }
    const place = isBehindAll ? run.length : this.placeOf(run, text);
    if (run[place] === text) return;
    if (place === run.length) run.push(text);
    else run.splice(place, 0, text);
    this.size++;
    if (run.length > MAX_RUN) this.runs.splice(at + 1, 0, run.splice(run.length >>> 1));
  }

  delete(text: string): void {
    const at = this.runOf(text);
    const run = this.runs[at];
    if (!run) return;
    const place = this.placeOf(run, text);
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
      for (let i = at === first ? this.placeOf(run, least) : 0; i < run.length; i++) yield run[i] as string;
    }
  }

  /** Those before `end`, undefined for all, from the last one down; nothing may be added or deleted meanwhile. */
  *downFrom(end: string | undefined): Generator<string> {
    const first = end === undefined ? this.runs.length : this.runOf(end);
    for (let at = Math.min(first, this.runs.length - 1); at >= 0; at--) {
      const run = this.runs[at] as string[];
      const high = at === first && end !== undefined ? this.placeOf(run, end) : run.length;
      for (let i = high - 1; i >= 0; i--) yield run[i] as string;
    }
  }

  /** Index of the first run that ends at `text` or behind it; how many runs there are when none does. */
  private runOf(text: string): number {
    let low = 0;
    let high = this.runs.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const run = this.runs[middle] as string[];
      if (this.isBefore(run[run.length - 1] as string, text)) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Index of the first text of a run that is not before `text`. */
  private placeOf(run: readonly string[], text: string): number {
    let low = 0;
    let high = run.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.isBefore(run[middle] as string, text)) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  private isBefore(a: string, b: string): boolean {
    return this.isPlain ? a < b : compareUtf8(a, b) < 0;
  }
}

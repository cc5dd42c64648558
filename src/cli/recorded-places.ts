import type { RecordedLine } from '../recording/recorded-line.js';

/** Positions of a second, so that a position is one number that rises. */
const TAGS_PER_SECOND = 2 ** 20;

/** How far a recording has come in each channel: a hub that is asked again gives some lines a second time. */
export class RecordedPlaces {
  /** unix ms of the last line; undefined: there was none */
  lastTime: number | undefined;
  private readonly last = new Map<string, number>();

  /** Notes a line. @returns false: it was there before */
  add(line: RecordedLine): boolean {
    if (line.kind === 'gap') return true;
    const position = numberOf(line.position);
    if (position !== undefined) {
      if (position <= (this.last.get(line.channel) ?? -1)) return false;
      this.last.set(line.channel, position);
    }
    this.lastTime = line.time;
    return true;
  }
}

function numberOf(position: string | undefined): number | undefined {
  const [second, tag] = position?.split(':') ?? [];
  return second === undefined ? undefined : Number(second) * TAGS_PER_SECOND + Number(tag);
}

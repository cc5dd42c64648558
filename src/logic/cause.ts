import { asciiJson } from '../channels/ascii-json.js';
import type { PublisherCause } from '../channels/publisher-cause.js';

/** What brought a command, a message or a timer about. Kept with it, so that "why" can be answered and loops end. */
export interface Cause {
  readonly plugin: string;
  readonly version: string;
  /** `thermostat.regulate` */
  readonly handler: string;
  /** what the turn was for: `event devices/fan-1/events/temperature 1700000000:0`; of what a pipeline gave out: `pipeline` */
  readonly by: string;
  /** the event that a pipeline had just been given, written as `by`; left out: none */
  readonly given?: string | undefined;
  /** of a timer or an item of the outbox: how it came to be; a text where an earlier version kept it */
  readonly behind?: TurnsBehind | string | undefined;
  /** turns behind it that caused each other, this one included; 1 for what a device's own event brought about */
  readonly depth: number;
}

/**
 * The turns of its own plugin that a timer or an item of the outbox comes from, the nearest first: that which set it, and
 * when that was for a timer too, the one that set that, and so on, up to the first that was for something else.
 */
export type TurnsBehind = readonly TurnBehind[];

export interface TurnBehind {
  readonly handler: string;
  readonly by: string;
  /** how often in a row, when a timer's turn has set the same timer anew */
  readonly times?: number;
  /** turns between this one, which was the first, and the one before it are left out */
  readonly isFar?: true;
}

/** Turns that may cause each other in a row; what the last one asks for is refused, which ends the loop. */
export const MAX_DEPTH = 16;

/** Turns behind a timer that are kept with it: the nearest, and the first of all. */
const MAX_BEHIND = 8;

/** The turns that a timer or an item of the outbox comes from, for the cause of what comes of that. @param cause of its own */
export function turnsBehind({ handler, by, behind }: Cause): TurnsBehind {
  const before = typeof behind === 'object' ? behind : [];
  const [nearest, ...others] = before;
  // A timer that sets itself again and again would else be all that is known of it.
  if (nearest?.handler === handler && nearest.by === by) {
    return [{ ...nearest, times: (nearest.times ?? 1) + 1 }, ...others];
  }
  const all = [{ handler, by }, ...before];
  if (all.length <= MAX_BEHIND) return all;
  return [...all.slice(0, MAX_BEHIND - 1), { ...(all.at(-1) as TurnBehind), isFar: true }];
}

/** As commands and messages keep it. */
export function writeCause(cause: Cause): string {
  return asciiJson(cause);
}

/** The turn or the pipeline in a cause; undefined when there is none, or it is somebody outside. @param json '': none */
export function causeOf(json: string | undefined): Cause | undefined {
  const cause = readCause(json);
  return cause && 'plugin' in cause ? cause : undefined;
}

/** @param json '' or undefined: there is none */
export function readCause(json: string | undefined): Cause | PublisherCause | undefined {
  return json === undefined || json === '' ? undefined : (JSON.parse(json) as Cause | PublisherCause);
}

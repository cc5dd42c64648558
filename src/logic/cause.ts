/** What brought a command, a message or a timer about. Kept with it, so that "why" can be answered and loops end. */
export interface Cause {
  readonly plugin: string;
  readonly version: string;
  /** `thermostat.regulate` */
  readonly handler: string;
  /** what the turn was for: `event devices/fan-1/events/temperature 1700000000:0` */
  readonly by: string;
  /** of a timer or an item of the outbox: the turn that it is of, as in `set by thermostat.regulate of "thermostat" for …` */
  readonly behind?: string | undefined;
  /** turns behind it that caused each other, this one included; 1 for what a device's own event brought about */
  readonly depth: number;
}

/** Turns that may cause each other in a row; what the last one asks for is refused, which ends the loop. */
export const MAX_DEPTH = 16;

/** The turn that set a timer or put something into the outbox, for the cause of what comes of that. */
export function turnBehind(verb: 'set' | 'put in', { plugin, handler, by }: Cause): string {
  return `${verb} by ${handler} of "${plugin}" for ${by}`;
}

export function causeOf(json: string): Cause | undefined {
  return json === '' ? undefined : (JSON.parse(json) as Cause);
}

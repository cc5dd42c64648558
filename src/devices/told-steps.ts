import { NOTED, type Noted } from './black-box.js';

/** A step of a device as people read it. */
export interface ToldStep {
  /** ISO 8601 */
  readonly at: string;
  readonly sentence: string;
}

const sentences: Readonly<Record<number, string>> = {
  [NOTED.pollOpened]: 'The device polled for commands.',
  [NOTED.clientLeft]: 'The connection of its poll ended before an answer.',
  [NOTED.event]: 'The device sent an event or a report.',
  200: 'Its poll was answered with a command.',
  202: 'Its event was stored; no command came while it waited.',
  204: 'Its poll ended: no command came in time.',
  304: 'Its poll ended: no command came in time.',
  409: 'Its poll ended: a newer poll of the device took its place.',
  410: 'Its poll ended: the device was deleted.',
};

/** Steps of a black box as sentences. */
export function tellSteps(steps: readonly Noted[]): ToldStep[] {
  return steps.map(({ at, what }) => ({
    at: new Date(at).toISOString(),
    sentence: sentences[what] ?? `Its poll was answered ${what}.`,
  }));
}

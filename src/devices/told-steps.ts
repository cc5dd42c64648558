import { NOTED, type Noted, type Said, saidBy } from './black-box.js';

/** A step of a device as people read it. */
export interface ToldStep {
  /** ISO 8601 */
  readonly at: string;
  readonly sentence: string;
}

/** @param command "command 7", or "a command" */
type Sentence = (command: string) => string;

const sentences: Readonly<Record<number, Sentence>> = {
  [NOTED.pollOpened]: () => 'The device polled for commands.',
  [NOTED.clientLeft]: () => 'The connection of its poll ended before an answer.',
  [NOTED.event]: () => 'The device sent an event or a report.',
  [NOTED.desiredState]: () => 'The device asked for its desired state, or told how far it is with it.',
  [NOTED.severalSent]: (command) => `Its poll was answered with several commands, the first of them ${command}.`,
  [NOTED.strangeLock]: () => 'Its poll named a lock that holds no command any more; nothing changed.',
  [NOTED.answerLost]: (command) =>
    `Its poll did not name the lock of ${command}: the answer with it was lost, and it is given again.`,
  200: (command) => `Its poll was answered with ${command}.`,
  202: () => 'Its event was stored; no command came while it waited.',
  204: () => 'Its poll ended: no command came in time.',
  304: () => 'Its poll ended: no command came in time.',
  409: () => 'Its poll ended: a newer poll of the device took its place.',
  410: () => 'Its poll ended: the device was deleted.',
};

const deeds: Readonly<Record<Said['verb'], Sentence>> = {
  ack: (command) => `Its poll acknowledged ${command}`,
  complete: (command) => `It said that ${command} is done`,
  result: (command) => `It told the result of ${command}`,
  progress: (command) => `It said that it is still at ${command}`,
  abandon: (command) => `It gave ${command} back`,
  reject: (command) => `It rejected ${command}`,
};

const receptions: Readonly<Record<Said['verdict'], string>> = {
  done: '.',
  repeated: ', as it had said before.',
  late: ', late: its lock was lost or its time was up by then.',
  lock_lost: ' under a lock that does not hold it any more; nothing changed.',
  gone: ', which was canceled, had expired or had timed out for good; nothing changed.',
  conflict: ', which its state does not allow; nothing changed.',
  refused: ' and was refused: the hub does not know the command, could not read the report or could not keep it.',
};

/** Steps of a black box as sentences. Commands go by their numbers: the one with the number 7 is "command 7". */
export function tellSteps(steps: readonly Noted[]): ToldStep[] {
  return steps.map(({ at, what, seq }) => ({
    at: new Date(at).toISOString(),
    sentence: sentenceOf(what, seq === undefined ? 'a command' : `command ${seq}`),
  }));
}

function sentenceOf(what: number, command: string): string {
  const said = saidBy(what);
  if (said) return deeds[said.verb](command) + receptions[said.verdict];
  return sentences[what]?.(command) ?? `Its poll was answered ${what}.`;
}

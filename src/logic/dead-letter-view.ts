import { isUtf8 } from 'node:buffer';
import type { DeadLetter } from './plugin-status.js';
import { describeInput, readInput } from './running/turn-input.js';
import type { LetterRecord } from './store/records.js';

/** A dead letter as operators see it. */
export function deadLetterOf({ input: written, depth: _, ...letter }: LetterRecord): DeadLetter {
  const input = readInput(written);
  return { ...letter, kind: input.kind, about: describeInput(input), payload: payloadOf(input) };
}

function payloadOf(input: ReturnType<typeof readInput>): string {
  if (!('body' in input)) return JSON.stringify(input.data) ?? '';
  return isUtf8(input.body) ? input.body.toString('utf8') : input.body.toString('base64');
}

import type { Position } from '../../engine/position.js';

/** how far a plugin has come in the journal: `plugin` → CursorRecord as JSON */
export const CURSORS = 'plugin-cursors';
/** turns that are done beyond that: `plugin/position/handler` */
export const TURNS = 'plugin-turns';
/** what plugins keep: `plugin/g/name` and `plugin/k/key/name` → JSON */
export const STATE = 'plugin-state';
/** timers: `plugin/name/key` → TimerRecord as JSON */
export const TIMERS = 'plugin-timers';
/** the same by their time: `plugin/time/name/key` */
export const TIMES = 'plugin-times';
/** what is to be done outside: `plugin/time/id` → OutboxRecord as JSON */
export const OUTBOX = 'plugin-outbox';
/** turns that were given up for good: `plugin/id` → LetterRecord as JSON */
export const LETTERS = 'plugin-letters';
/** attempts of turns that are to be tried again: `plugin/turn` → AttemptsRecord as JSON; the turn as turn-id.ts has it */
export const ATTEMPTS = 'plugin-attempts';
/** plugins that run, or ran when the hub's process ended without a stop: `plugin` → RunRecord as JSON */
export const RUNS = 'plugin-runs';
/** devices that were deleted, until all plugins are done with what they had reported before: `device` → DeletionRecord as JSON */
export const DELETIONS = 'plugin-deletions';

/** An entry of an index says all with its key. */
export const ENTRY = '1';

/** Digits of unix ms in keys, and of positions: their order as text is their order as numbers. */
const TIME_DIGITS = 15;
const POSITION_DIGITS = 16;

/** All keys that begin with `prefix` and "/": "0" is the character behind it. */
export function below(prefix: string): { readonly from: string; readonly before: string } {
  return { from: `${prefix}/`, before: `${prefix}0` };
}

export function turnKey(plugin: string, position: Position, handler: string): string {
  return `${plugin}/${String(position).padStart(POSITION_DIGITS, '0')}/${handler}`;
}

/** The position and the handler of a key of `TURNS`. */
export function turnOf(plugin: string, key: string): { readonly position: Position; readonly handler: string } {
  const start = plugin.length + 1;
  const end = start + POSITION_DIGITS;
  return { position: Number(key.slice(start, end)), handler: key.slice(end + 1) };
}

/** The beginning of what is due at a moment, or, as the end of a range, of what is due before it. @param at unix ms */
export function timePrefix(plugin: string, at: number): string {
  return `${plugin}/${String(Math.max(Math.ceil(at), 0)).padStart(TIME_DIGITS, '0')}`;
}

/** The moment and the rest of a key that begins with `timePrefix`. */
export function timeOf(plugin: string, key: string): { readonly at: number; readonly rest: string } {
  const start = plugin.length + 1;
  const end = start + TIME_DIGITS;
  return { at: Number(key.slice(start, end)), rest: key.slice(end + 1) };
}

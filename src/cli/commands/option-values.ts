import { InvalidArgumentError } from 'commander';
import { parseDuration } from '../../config/units/duration.js';
import { type Place, parsePlace } from '../place.js';
import { type Settings, withSetting } from '../setting.js';

/** The position that --since names. */
export function place(text: string): Place {
  const parsed = parsePlace(text);
  if (parsed) return parsed;
  throw new InvalidArgumentError('It must be oldest, now, or a position such as 1795421814:0.');
}

/** A whole number from 1. */
export function count(text: string): number {
  const parsed = /^\d{1,15}$/.test(text) ? Number(text) : 0;
  if (parsed > 0) return parsed;
  throw new InvalidArgumentError('It must be a whole number from 1.');
}

/** @returns ms */
export function duration(text: string): number {
  const ms = parseDuration(text);
  if (ms !== undefined && ms > 0 && ms < 2 ** 31) return ms;
  throw new InvalidArgumentError('It must be a time such as 90s, 10m or 8h, up to 24 days.');
}

/** @returns how many times as fast; Infinity for max */
export function speed(text: string): number {
  if (text === 'max') return Number.POSITIVE_INFINITY;
  if (text === 'real') return 1;
  const times = Number(/^(\d{1,6}(?:\.\d{1,3})?)x$/.exec(text)?.[1] ?? 0);
  if (times > 0) return times;
  throw new InvalidArgumentError('It must be max, real, or how many times as fast, such as 10x.');
}

/** One more of the settings that --set gives. */
export function setting(text: string, others?: Settings): Settings {
  const settings = withSetting(text, others);
  if (settings) return settings;
  throw new InvalidArgumentError('It must be a key and a value, such as limit=26.');
}

/** One more of an option that may be given again. */
export function another(text: string, others: readonly string[] = []): readonly string[] {
  return [...others, text];
}

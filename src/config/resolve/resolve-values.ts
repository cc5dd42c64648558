import { strict as assert } from 'node:assert';
import type { Endpoint } from '../hub-config.js';
import { parseDuration } from '../units/duration.js';
import { parseEndpoint } from '../units/endpoint.js';
import { parseCount, parseSwitch } from '../units/plain-values.js';
import { parseSize } from '../units/size.js';

/** The values of keys that were checked before: each reads what its rule let pass. */
export const bytes = (written: unknown): number => checked(parseSize(written));
export const ms = (written: unknown): number => checked(parseDuration(written));
export const count = (written: unknown): number => checked(parseCount(written));
export const isOn = (written: unknown): boolean => checked(parseSwitch(written));
export const endpoint = (written: unknown): Endpoint => checked(parseEndpoint(written));

function checked<T>(value: T | undefined): T {
  assert(value !== undefined, 'a value is read that was not checked');
  return value;
}

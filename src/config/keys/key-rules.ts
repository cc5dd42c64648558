import { ValidateBy, ValidateIf } from 'class-validator';
import { parseDuration } from '../units/duration.js';
import { parseEndpoint } from '../units/endpoint.js';
import { parseCount, parseSwitch } from '../units/plain-values.js';
import { parseSize } from '../units/size.js';

/** A scalar as YAML, the environment or the command line gives it; the rules say which ones a key takes. */
export type Written = string | number | boolean;

/** What is known of a key beside its default: for unknown keys, for the environment, and for docs/configuration.md. */
export interface KeyRule {
  /** how it is written, in the document's words: `size`, `time`, `on/off`, `section`, … */
  readonly unit: string;
  /** the environment can set it when it stands on top level, in `limits` or in `devices` */
  readonly isScalar: boolean;
  /** stands for the default of a key that has none of its own */
  readonly otherwise: string;
}

interface KeyOptions {
  readonly required?: boolean;
  readonly otherwise?: string;
}

const rules = new Map<object, Map<string, KeyRule>>();

/** The keys that a class of keys has, in the order of their declaration. */
export function rulesOf(keys: object): ReadonlyMap<string, KeyRule> {
  return rules.get(keys) ?? new Map();
}

/** A size as `parseSize` reads it. @param min @param max written like it, both allowed */
export function Size(min: string, max: string, options?: KeyOptions): PropertyDecorator {
  const isAllowed = within(parseSize, min, max);
  return scalar('size', isAllowed, `A size from ${min} to ${max} is allowed, such as 8192, 512k, 32M or 1G.`, options);
}

/** A time as `parseDuration` reads it. @param min @param max written like it, both allowed */
export function Time(min: string, max: string, options?: KeyOptions): PropertyDecorator {
  const isAllowed = within(parseDuration, min, max);
  const sentence = `A time from ${min} to ${max} is allowed, such as 500ms, 90s, 1h30m or 2d; plain numbers are seconds.`;
  return scalar('time', isAllowed, sentence, options);
}

/** A whole number. @param min @param max both allowed */
export function Count(min: number, max: number, options?: KeyOptions): PropertyDecorator {
  const isAllowed = within(parseCount, min, max);
  return scalar('number', isAllowed, `A whole number from ${min} to ${max} is allowed.`, options);
}

/** on, off, true or false, or one of the words. */
export function Switch(...words: string[]): PropertyDecorator {
  const isAllowed = (value: unknown) => parseSwitch(value) !== undefined || words.includes(value as string);
  const sentence = `Allowed is ${oneOf('on', 'off', ...words)}; true is on, false is off.`;
  return scalar(['on/off', ...words].join(', '), isAllowed, sentence);
}

/** One of the words. */
export function OneOf(...words: string[]): PropertyDecorator {
  return scalar(words.join(', '), (value) => words.includes(value as string), `Allowed is ${oneOf(...words)}.`);
}

/** An address to listen on as `parseEndpoint` reads it. */
export function ListenAddress(): PropertyDecorator {
  const isAllowed = (value: unknown) => parseEndpoint(value) !== undefined;
  const sentence =
    'HOST:PORT, "[IPV6]:PORT" in quotes, :PORT (every address) or PORT (127.0.0.1) is allowed, the port from 0 (any free ' +
    'one) to 65535.';
  return scalar('HOST:PORT', isAllowed, sentence);
}

/** Two values with `..` between them, the smaller one first. @param parse reads one of them; 0 is none */
export function Range(
  parse: (written: unknown) => number | undefined,
  unit: string,
  sentence: string,
): PropertyDecorator {
  const isAllowed = (value: unknown) => {
    const [least, most, ...rest] = typeof value === 'string' ? value.split('..').map(parse) : [];
    return rest.length === 0 && !!least && !!most && least <= most;
  };
  return scalar(unit, isAllowed, sentence);
}

/** Text that the whole pattern fits. @param sentence what is allowed */
export function Text(unit: string, pattern: RegExp, sentence: string, options?: KeyOptions): PropertyDecorator {
  return scalar(unit, (value) => typeof value === 'string' && pattern.test(value), sentence, options);
}

/** A mapping or a list with rules of its own, which are checked where it is read. */
export function Section(unit: 'section' | 'list' | 'map by name' | 'mapping', otherwise: string): PropertyDecorator {
  return (target, property) => remember(target, property, { unit, isScalar: false, otherwise });
}

function scalar(
  unit: string,
  isAllowed: (value: unknown) => boolean,
  sentence: string,
  { required = false, otherwise = required ? 'required' : 'not set' }: KeyOptions = {},
): PropertyDecorator {
  return (target, property) => {
    remember(target, property, { unit, isScalar: true, otherwise });
    ValidateBy({ name: unit, validator: { validate: isAllowed, defaultMessage: () => sentence } })(target, property);
    if (!required) ValidateIf((_keys, value) => value !== undefined)(target, property);
  };
}

function remember(target: object, property: string | symbol, rule: KeyRule): void {
  const ofClass = rules.get(target.constructor) ?? new Map<string, KeyRule>();
  rules.set(target.constructor, ofClass.set(String(property), rule));
}

function oneOf(...words: string[]): string {
  const last = words.at(-1);
  return words.length < 2 ? String(last) : `${words.slice(0, -1).join(', ')} or ${last}`;
}

function within<T>(parse: (written: unknown) => number | undefined, min: T, max: T): (value: unknown) => boolean {
  const [least, greatest] = [parse(min), parse(max)] as [number, number];
  return (value) => {
    const parsed = parse(value);
    return parsed !== undefined && parsed >= least && parsed <= greatest;
  };
}

import type { RecordChange } from '../../engine/engine.js';
import type { Attributes } from './attributes.js';

/** `name=value/device` with an empty value; the device's record has the truth, the index only leads to it. */
export const ATTRIBUTE_TABLE = 'device-attributes';

/** A name of 64, a device id of 128 and two separators leave room for this much of a value within a key's 1,024 bytes. */
const MAX_VALUE_LENGTH = 768;
/** half a character, which JSON can hold and no encoding can */
const LONE_SURROGATE = /[\ud800-\udfff]/gu;
/** behind every character that a key of the index has */
const BEHIND_ALL = '\x7f';

/** Which devices: those whose attribute has this value, or one that begins with it. */
export interface AttributeQuery {
  readonly name: string;
  readonly value: string;
  readonly isPrefix: boolean;
}

/** The text that an attribute is searched by; undefined for objects and lists, which are not. */
export function searchedText(value: unknown): string | undefined {
  return typeof value === 'object' && value !== null ? undefined : String(value);
}

/** Takes the index from what a device's attributes were to what they are. */
export function indexChanges(device: string, were: Attributes, are: Attributes): RecordChange[] {
  const before = new Set(indexKeys(device, were));
  const after = new Set(indexKeys(device, are));
  const gone = [...before].filter((key) => !after.has(key));
  const come = [...after].filter((key) => !before.has(key));
  return [
    ...gone.map((key) => ({ table: ATTRIBUTE_TABLE, key, value: undefined })),
    ...come.map((key) => ({ table: ATTRIBUTE_TABLE, key, value: '' })),
  ];
}

/** Where in the index a query's candidates lie. */
export function indexRange({ name, value, isPrefix }: AttributeQuery): { from: string; before: string } {
  const begin = `${name}=${written(value)}${isPrefix ? '' : '/'}`;
  return { from: begin, before: begin + BEHIND_ALL };
}

/** The device that a key of the index leads to. */
export function deviceOfKey(key: string): string {
  return key.slice(key.lastIndexOf('/') + 1);
}

/** True when the attributes are what the query asks for; the index holds long values cut. */
export function matchesQuery(attributes: Attributes, { name, value, isPrefix }: AttributeQuery): boolean {
  const text = Object.hasOwn(attributes, name) ? searchedText(attributes[name]) : undefined;
  if (text === undefined) return false;
  return isPrefix ? text.startsWith(value) : text === value;
}

function indexKeys(device: string, attributes: Attributes): string[] {
  return Object.entries(attributes).flatMap(([name, value]) => {
    const text = searchedText(value);
    return text === undefined ? [] : [`${name}=${written(text)}/${device}`];
  });
}

/** A value in ASCII and without "/"; what begins alike is written alike. */
function written(text: string): string {
  return encodeURIComponent(text.replace(LONE_SURROGATE, '\ufffd')).slice(0, MAX_VALUE_LENGTH);
}

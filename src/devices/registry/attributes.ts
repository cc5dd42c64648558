import { HubError } from '../../channels/hub-error.js';

/** What is known of a device beside its id: a JSON object. Members that are text, numbers, booleans or null can be searched. */
export type Attributes = Readonly<Record<string, unknown>>;

export const ATTRIBUTE_LIMITS = {
  /** members of the object */
  count: 64,
  /** bytes of the whole object as JSON */
  bytes: 16 * 1024,
} as const;

const NAME = /^[A-Za-z0-9._-]{1,64}$/;

/** @throws HubError `invalid_payload` */
export function checkAttributes(value: unknown): Attributes {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new HubError('invalid_payload', '"attributes" must be a JSON object, as in {"attributes":{"site":"north"}}.');
  }
  const names = Object.keys(value);
  if (names.length > ATTRIBUTE_LIMITS.count) {
    throw refusal(`has ${names.length} members; ${ATTRIBUTE_LIMITS.count} are allowed`);
  }
  for (const name of names) checkAttributeName(name);
  const bytes = Buffer.byteLength(JSON.stringify(value));
  if (bytes > ATTRIBUTE_LIMITS.bytes)
    throw refusal(`has ${bytes} bytes as JSON; ${ATTRIBUTE_LIMITS.bytes} are allowed`);
  return value as Attributes;
}

/** @throws HubError `invalid_payload` */
export function checkAttributeName(name: string): string {
  if (NAME.test(name)) return name;
  throw new HubError(
    'invalid_payload',
    `"${name.slice(0, 80)}" is not the name of an attribute: it must be 1 to 64 of the characters A-Z a-z 0-9 . _ -`,
  );
}

function refusal(what: string): HubError {
  return new HubError('invalid_payload', `"attributes" ${what}.`);
}

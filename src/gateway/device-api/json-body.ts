import { HubError } from '../../channels/hub-error.js';

/** A body as JSON. @throws HubError `bad_json` */
export function jsonIn(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch (error) {
    throw new HubError('bad_json', `The body is not JSON: ${(error as Error).message}`, { cause: error });
  }
}

/** A body that is a JSON object. @param example for the error's sentence @throws HubError `bad_json`, `invalid_payload` */
export function objectIn(body: Buffer, example: string): Record<string, unknown> {
  const value = jsonIn(body);
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new HubError('invalid_payload', `The body must be a JSON object, as in ${example}.`);
}

import { Buffer } from 'node:buffer';

/** The body of an event, as a device would post it: text and bytes as they are, all else as JSON, undefined as nothing. */
export function bodyOf(payload: unknown): { readonly body: Buffer; readonly contentType: string | null } {
  if (payload === undefined) return { body: Buffer.alloc(0), contentType: null };
  if (typeof payload === 'string') return { body: Buffer.from(payload), contentType: 'text/plain' };
  if (payload instanceof Uint8Array) return { body: Buffer.from(payload), contentType: null };
  return { body: Buffer.from(JSON.stringify(payload)), contentType: 'application/json' };
}

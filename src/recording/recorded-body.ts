import { Buffer, isUtf8 } from 'node:buffer';
import type { RecordedBody } from './recorded-line.js';

/** How a recording shows a body. Of JSON it keeps what it says, not how it is spelled. */
export function recordedBody(bytes: Buffer): RecordedBody {
  if (!isUtf8(bytes)) return { base64: bytes.toString('base64') };
  const text = bytes.toString('utf8');
  try {
    return { json: JSON.parse(text) };
  } catch {
    return { text };
  }
}

/** The bytes that were published, JSON without the space that it had between its parts. */
export function bodyBytes(body: RecordedBody): Buffer {
  if ('json' in body) return Buffer.from(JSON.stringify(body.json));
  return 'text' in body ? Buffer.from(body.text) : Buffer.from(body.base64, 'base64');
}

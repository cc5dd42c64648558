/** The shortest body that still has room for a stream's name and a sequence number. */
export const MIN_BODY_BYTES = 48;

/**
 * The body of the message `sequence` of `stream`, `bytes` long: its name and number, filled up with a pattern that a cut or
 * shifted body does not match.
 * @param stream ASCII without spaces
 */
export function messageBody(stream: string, sequence: number, bytes: number): string {
  const head = `${stream} ${sequence} `;
  return head + filling(bytes - head.length);
}

/** The sequence number that `body` claims for itself; undefined when it is no message of `stream`. */
export function claimedSequence(stream: string, body: string): number | undefined {
  if (!body.startsWith(stream) || body.charCodeAt(stream.length) !== 32) return undefined;
  const end = body.indexOf(' ', stream.length + 1);
  const digits = end < 0 ? '' : body.slice(stream.length + 1, end);
  return /^\d{1,15}$/.test(digits) ? Number(digits) : undefined;
}

let pattern = '0123456789abcdefghijklmnopqrstuvwxyz-';
let lastFilling = '';

function filling(bytes: number): string {
  if (bytes <= 0) return '';
  if (lastFilling.length === bytes) return lastFilling;
  while (pattern.length < bytes) pattern += pattern;
  lastFilling = pattern.slice(0, bytes);
  return lastFilling;
}

/** Texts kept at a time; more are copied each time they come. */
const MAX_TEXTS = 1_000;

const texts = new Map<string, string>();
/** Most publishers use one Content-Type; comparing with it costs less than looking it up. */
let last = '';

/**
 * The same text, in memory of its own and shared by all who keep it: a piece cut out of a request would keep the whole
 * request alive.
 * @param text latin1
 */
export function interned(text: string): string {
  if (text === last) return last;
  const known = texts.get(text);
  if (known !== undefined) {
    last = known;
    return known;
  }
  const own = Buffer.from(text, 'latin1').toString('latin1');
  if (texts.size < MAX_TEXTS) texts.set(own, own);
  return own;
}

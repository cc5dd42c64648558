/** First of the UTF-16 codes that stand in pairs for characters beyond 0xFFFF. */
const FIRST_SURROGATE = 0xd800;
const BEHIND_SURROGATES = 0xe000;
const BEYOND_PLAIN = /[\ud800-\uffff]/;

/**
 * True for a text whose characters are all below 0xD800: compared with any other text, JavaScript's own `<` gives the order
 * of the UTF-8 bytes.
 */
export function isPlain(text: string): boolean {
  return !BEYOND_PLAIN.test(text);
}

/**
 * Compares two texts as their UTF-8 bytes compare, the order in which engines keep keys. JavaScript's own `<` puts the
 * characters beyond 0xFFFF before those from 0xE000 on.
 * @returns negative, 0 or positive, as for Array.sort
 */
export function compareUtf8(a: string, b: string): number {
  if (a === b) return 0;
  const shorter = Math.min(a.length, b.length);
  for (let i = 0; i < shorter; i++) {
    const difference = rankOf(a.charCodeAt(i)) - rankOf(b.charCodeAt(i));
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

function rankOf(code: number): number {
  if (code < FIRST_SURROGATE) return code;
  return code < BEHIND_SURROGATES ? code + 0x10000 : code;
}

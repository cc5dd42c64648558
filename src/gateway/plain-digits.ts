const ZERO = 48;
/** As many as a number holds exactly. */
const MAX_DIGITS = 15;

/**
 * The number that `text` from index `from` to its end is, when that is 1 to 15 digits and nothing else; else -1. Lengths and
 * tags nearly always are, and a regular expression costs as much as all else that is read of a request.
 */
export function plainDigits(text: string, from = 0): number {
  const count = text.length - from;
  if (count < 1 || count > MAX_DIGITS) return -1;
  let value = 0;
  for (let i = from; i < text.length; i++) {
    const digit = text.charCodeAt(i) - ZERO;
    if (digit < 0 || digit > 9) return -1;
    value = value * 10 + digit;
  }
  return value;
}

/** Reads `on`, `off`, `true` and `false`, in any case; undefined for all else. */
export function parseSwitch(written: unknown): boolean | undefined {
  if (typeof written === 'boolean') return written;
  if (typeof written !== 'string') return undefined;
  if (/^(?:on|true)$/i.test(written)) return true;
  return /^(?:off|false)$/i.test(written) ? false : undefined;
}

/** Reads a whole number from 0, as a number or as digits; undefined for all else. */
export function parseCount(written: unknown): number | undefined {
  const text = typeof written === 'number' || typeof written === 'string' ? String(written) : '';
  return /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

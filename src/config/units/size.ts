const UNITS = { '': 1, k: 2 ** 10, m: 2 ** 20, g: 2 ** 30 } as const;

/**
 * Reads a size as nginx users write it: `8192`, `512k`, `32M`, `1g`; k, m and g count by 1,024.
 * @returns bytes; undefined when it is not a size or not a safe integer
 */
export function parseSize(written: unknown): number | undefined {
  const [, digits, unit] = /^(\d{1,16})([kmg]?)$/i.exec(textOf(written)) ?? [];
  if (digits === undefined || unit === undefined) return undefined;
  const bytes = Number(digits) * UNITS[unit.toLowerCase() as keyof typeof UNITS];
  return Number.isSafeInteger(bytes) ? bytes : undefined;
}

/** The shortest way to write it that is exact: `32M`, `8k`, `1000`. */
export function formatSize(bytes: number): string {
  for (const [letter, factor] of [['G', UNITS.g] as const, ['M', UNITS.m] as const, ['k', UNITS.k] as const]) {
    if (bytes > 0 && bytes % factor === 0) return `${bytes / factor}${letter}`;
  }
  return String(bytes);
}

function textOf(written: unknown): string {
  return typeof written === 'string' || typeof written === 'number' ? String(written) : '';
}

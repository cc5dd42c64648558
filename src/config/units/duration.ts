/** From the greatest to the smallest, as they must follow each other; those of nginx, months of 30 and years of 365 days. */
const UNITS = [
  ['y', 365 * 86_400_000],
  ['M', 30 * 86_400_000],
  ['w', 7 * 86_400_000],
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1_000],
  ['ms', 1],
] as const;

const DURATION = new RegExp(`^${UNITS.map(([letter]) => `(?:(\\d{1,15})${letter} *)?`).join('')}$`);

/** Times are told without the units whose length one must know. */
const WRITTEN_UNITS = UNITS.filter(([letter]) => !['y', 'M', 'w'].includes(letter));

/**
 * Reads a time as nginx users write it: `90` and `90s`, `500ms`, `2h`, `1h30m`, `1d 12h`, units from great to small.
 * @returns ms; undefined when it is not a time or not a safe integer
 */
export function parseDuration(written: unknown): number | undefined {
  if (typeof written !== 'string' && typeof written !== 'number') return undefined;
  const text = String(written).trim();
  if (/^\d{1,15}$/.test(text)) return safe(Number(text) * 1_000);
  const counts = text === '' ? null : DURATION.exec(text);
  if (!counts) return undefined;
  return safe(UNITS.reduce((sum, [, ms], i) => sum + Number(counts[i + 1] ?? 0) * ms, 0));
}

/** Days to ms without those that are 0: `2h`, `1h30m`, `500ms`; `0s` for 0. */
export function formatDuration(ms: number): string {
  let rest = ms;
  let text = '';
  for (const [letter, unitMs] of WRITTEN_UNITS) {
    const count = Math.floor(rest / unitMs);
    if (count > 0) text += `${count}${letter}`;
    rest -= count * unitMs;
  }
  return text === '' ? '0s' : text;
}

function safe(ms: number): number | undefined {
  return Number.isSafeInteger(ms) ? ms : undefined;
}

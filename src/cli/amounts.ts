const UNITS = ['kB', 'MB', 'GB', 'TB'] as const;

/** Bytes for people, in steps of 1,000 as disks are sold: `812 bytes`, `4.2 MB`. */
export function amountOf(bytes: number): string {
  if (bytes < 1_000) return `${Math.round(bytes)} bytes`;
  const step = Math.min(Math.floor(Math.log10(bytes) / 3), UNITS.length);
  return `${(bytes / 1_000 ** step).toFixed(1)} ${UNITS[step - 1]}`;
}

/** A whole number for people: `1,000,000`. */
export function countOf(count: number): string {
  return count.toLocaleString('en-US');
}

/** `1 event`, `1,204 events`. @param what one of them */
export function counted(count: number, what: string): string {
  return `${countOf(count)} ${what}${count === 1 ? '' : 's'}`;
}

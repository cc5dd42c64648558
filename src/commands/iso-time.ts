let lastMs = Number.NaN;
let lastText = '';

/** RFC 3339 in UTC. @param unixMs most calls ask for the same one as the call before, and cost nothing */
export function isoTime(unixMs: number): string {
  if (unixMs !== lastMs) {
    lastText = new Date(unixMs).toISOString();
    lastMs = unixMs;
  }
  return lastText;
}

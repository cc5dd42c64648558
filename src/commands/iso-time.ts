let lastMs = Number.NaN;
let lastText = '';
let lastSecond = Number.NaN;
/** of that second, up to its milliseconds */
let lastStart = '';

const MS_PLACE = '000Z'.length;

/** RFC 3339 in UTC. @param unixMs those of one second are cheap, and one that is asked for again costs nothing */
export function isoTime(unixMs: number): string {
  if (unixMs !== lastMs) {
    lastText = textOf(Math.trunc(unixMs));
    lastMs = unixMs;
  }
  return lastText;
}

function textOf(ms: number): string {
  const second = Math.floor(ms / 1000);
  if (second !== lastSecond) {
    lastStart = new Date(second * 1000).toISOString().slice(0, -MS_PLACE);
    lastSecond = second;
  }
  return `${lastStart}${String(ms - second * 1000).padStart(3, '0')}Z`;
}

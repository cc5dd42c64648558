/** No command is handed out again earlier: a device that drops every answer must not make a hot loop. */
export const MIN_RETURN_MS = 250;
const MAX_RETURN_MS = 30_000;

/**
 * How long a command stays in the queue before it is handed out again.
 * @param attempt leases so far; each doubles the wait
 * @param jitter from 0 up to 1; up to half of the wait on top
 */
export function returnDelayMs(attempt: number, jitter: number): number {
  const doubled = MIN_RETURN_MS * 2 ** Math.max(attempt - 1, 0);
  return Math.round(Math.min(doubled, MAX_RETURN_MS) * (1 + jitter / 2));
}

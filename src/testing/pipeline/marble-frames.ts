import { inspect, isDeepStrictEqual } from 'node:util';
import { formatDuration } from '../../config/units/duration.js';

/** What came of a stream at a moment, as RxJS's test scheduler notes it. */
interface Frame {
  /** ms */
  readonly frame: number;
  readonly notification: { readonly kind: 'N' | 'E' | 'C'; readonly value?: unknown; readonly error?: unknown };
}

/** @throws Error with both sides when they differ */
export function compareFrames(came: unknown, wanted: unknown): void {
  const [lines, expected] = [linesOf(came), linesOf(wanted)];
  if (isDeepStrictEqual(lines.keys, expected.keys)) return;
  throw new Error(
    `The pipeline did not give out what was expected.\nexpected:\n${listed(expected.shown)}\ncame:\n${listed(lines.shown)}`,
  );
}

function linesOf(frames: unknown): { readonly keys: readonly unknown[]; readonly shown: readonly string[] } {
  const all = frames as readonly Frame[];
  return { keys: all.map(keyOf), shown: all.map(shownOf) };
}

/** Of an error it counts that there is one: marbles have no way to say which. */
function keyOf({ frame, notification: { kind, value } }: Frame): unknown {
  return kind === 'N' ? [frame, kind, value] : [frame, kind];
}

function shownOf({ frame, notification: { kind, value, error } }: Frame): string {
  const at = `  ${formatDuration(frame)}: `;
  if (kind === 'C') return `${at}the end`;
  if (kind === 'E') return `${at}an error${error instanceof Error ? `: ${error.message}` : ''}`;
  return at + inspect(value, { depth: 6, breakLength: Number.POSITIVE_INFINITY });
}

function listed(lines: readonly string[]): string {
  return lines.length === 0 ? '  nothing' : lines.join('\n');
}

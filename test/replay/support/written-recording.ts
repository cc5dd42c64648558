import type { RecordedLine } from '../../../src/recording/recorded-line.js';

/** Noon; lines are told in seconds from here. */
export const NOON = Date.UTC(2026, 0, 15, 12, 0, 0);

const about = (second: number, channel: string) => ({
  time: NOON + second * 1_000,
  channel,
  position: `${NOON / 1_000 + second}:0`,
  contentType: 'application/json',
});

/** `event(1, 'fan-1/temperature', { celsius: 31 })` */
export function event(second: number, of: string, json: unknown): RecordedLine {
  const [device, type] = of.split('/');
  return { kind: 'event', ...about(second, `devices/${device}/events/${type}`), body: { json } };
}

/** A command that a plugin sent; `plugin` null: somebody outside did. */
export function command(
  second: number,
  device: string,
  { id = `C${second}`, name = 'go', params = {}, plugin = 'scripted' as string | null, ...options },
): RecordedLine {
  const cause = plugin === null ? null : { plugin, handler: `${plugin}.handle`, by: '' };
  return {
    kind: 'command',
    ...about(second, `devices/${device}/commands`),
    cause,
    body: { json: { id, name, params, ...options } },
  };
}

export function outcome(second: number, device: string, id: string, state: string, rest: object = {}): RecordedLine {
  const json = {
    id,
    device,
    name: 'go',
    state,
    attempt: 1,
    at: new Date(NOON + second * 1_000).toISOString(),
    cause: 'result',
    ...rest,
  };
  return { kind: 'outcome', ...about(second, `devices/${device}/outcomes`), state, evidence: null, body: { json } };
}

export async function* placed(lines: readonly RecordedLine[]): AsyncGenerator<{ line: RecordedLine }> {
  for (const line of lines) yield { line };
}

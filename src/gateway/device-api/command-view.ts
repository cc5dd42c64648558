import { type Command, type CommandState, isInFlight } from '../../commands/life/command.js';
import { outcomeOf } from '../../commands/outcome.js';
import type { Answer } from '../exchange.js';

/** A command as its producer reads it. */
export function commandAnswer(status: number, command: Command, headers: Answer['headers'] = []): Answer {
  return {
    status,
    headers: [['Content-Type', 'application/json'], ['Cache-Control', 'no-store'], ...headers],
    body: `${commandJson(command)}\n`,
  };
}

/** What happened to a command, the oldest first. */
export function historyAnswer(command: Command): Answer {
  const { id, device, state, history, forgotten } = command;
  const transitions = history.map(({ at, ...rest }) => ({ at: isoTime(at), ...rest }));
  const body = `${JSON.stringify({ id, device, state: state.is, forgotten, transitions })}\n`;
  return {
    status: 200,
    headers: [
      ['Content-Type', 'application/json'],
      ['Cache-Control', 'no-store'],
    ],
    body,
  };
}

export function commandUrl({ device, id }: Pick<Command, 'device' | 'id'>): string {
  return `/v1/devices/${device}/commands/${id}`;
}

function commandJson(command: Command): string {
  const { id, device, name, state, attempt, at, cause, ...end } = outcomeOf(command);
  const { seq, lane, priority, key, ack, createdAt, expiresAt, timeoutMs } = command;
  const facts = {
    ...{ state, attempt, at, cause, ...end, ...timesOf(command.state) },
    ...{ seq, lane, priority, key, ack, timeout: timeoutMs / 1000 },
    createdAt: isoTime(createdAt),
    expiresAt: isoTime(expiresAt),
  };
  const names = JSON.stringify({ id, device, name });
  return `${names.slice(0, -1)},"params":${command.paramsJson},${JSON.stringify(facts).slice(1)}`;
}

function timesOf(state: CommandState): Record<string, string> {
  if (state.is === 'SCHEDULED') return { notBefore: isoTime(state.notBefore) };
  if (state.is === 'TIMED_OUT') return { lateUntil: isoTime(state.lateUntil) };
  return isInFlight(state) ? { until: isoTime(state.until) } : {};
}

function isoTime(unixMs: number): string {
  return new Date(unixMs).toISOString();
}

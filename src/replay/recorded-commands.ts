import { deviceOfChannel } from '../devices/device-id.js';
import type { ComparedCommand } from '../logic/comparing/compared-command.js';
import type { RecordedCommand } from '../recording/recorded-line.js';

/** What a recorded command's body says; docs/recordings.md tells it. */
interface CommandBody {
  readonly id?: unknown;
  readonly name?: unknown;
  readonly params?: unknown;
  /** the job that sent it */
  readonly job?: unknown;
  readonly ack?: string;
  readonly key?: string;
  readonly lane?: string;
  readonly priority?: number;
}

/** The plugin that sent a recorded command; undefined: somebody else did, or a job. */
export function senderOf({ cause, body }: RecordedCommand): string | undefined {
  const isOfJob = 'json' in body && typeof (body.json as CommandBody | null)?.job === 'string';
  return typeof cause?.plugin === 'string' && !isOfJob ? cause.plugin : undefined;
}

/** A recorded command, to be compared; undefined: its body is not what a hub records. */
export function comparedOf({ channel, body, time, cause }: RecordedCommand): ComparedCommand | undefined {
  const device = deviceOfChannel(channel);
  const told = 'json' in body ? (body.json as CommandBody | null) : null;
  if (device === undefined || typeof told?.id !== 'string' || typeof told.name !== 'string') return undefined;
  const { id, name, params = {}, ack, key, lane, priority } = told;
  const { handler = '', by = '' } = (cause ?? {}) as { handler?: string; by?: string };
  return { id, at: time, device, name, params, options: { ack, key, lane, priority }, handler, by };
}

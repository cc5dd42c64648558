import type { DraftCommand } from '../../commands/draft-command.js';
import type { Cause } from '../cause.js';

/** A command that one version of a plugin sends, to be compared with those of another. */
export interface ComparedCommand {
  readonly id: string;
  /** unix ms */
  readonly at: number;
  readonly device: string;
  readonly name: string;
  readonly params: unknown;
  /** what its sender said beside that; what is left out has the hub's default */
  readonly options: ComparedOptions;
  /** `thermostat.regulate` */
  readonly handler: string;
  /** what the turn was for: `event devices/fan-1/events/temperature 1700000000:0` */
  readonly by: string;
}

/** Of the options of a command those that change what becomes of it; times are left out, for they have defaults. */
export interface ComparedOptions {
  readonly ack?: string | undefined;
  readonly key?: string | undefined;
  readonly lane?: string | undefined;
  readonly priority?: number | undefined;
}

export function comparedCommand(
  { device, name, paramsJson, options }: DraftCommand,
  { handler, by }: Cause,
  { id, at }: Pick<ComparedCommand, 'id' | 'at'>,
): ComparedCommand {
  const { ack, key, lane, priority } = options;
  const params: unknown = JSON.parse(paramsJson);
  return { id, at, device, name, params, options: { ack, key, lane, priority }, handler, by };
}

/** A text that is the same for commands that are the same to their device. */
export function meaningOf({ device, name, params, options }: ComparedCommand): string {
  const { ack = 'delivered', key = null, lane = 'main', priority = 0 } = options;
  return JSON.stringify([device, name, sorted(params), ack, key, lane, priority]);
}

/** The order of an object's members says nothing. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return members.map(([name, member]) => [name, sorted(member)]);
}

import type { AttributeQuery } from '../../devices/registry/attribute-index.js';
import type { CommandOptions } from '../draft-command.js';
import type { Pace } from './pace.js';

/** The command that every device of a job gets. */
export interface JobCommand {
  readonly name: string;
  readonly paramsJson: string;
  readonly options: CommandOptions;
}

/** Which devices: a list in its order, or those registered that a query finds, in the order of their ids. */
export type Selector = { readonly by: 'list' /** how many */; readonly count: number } | DeviceQuery;

/** All of it must hold. */
export interface DeviceQuery {
  readonly by: 'query';
  /** of ids, with `*` for any characters */
  readonly pattern?: string;
  readonly attributes: readonly AttributeQuery[];
}

/** The first devices, which must all end well before the others are sent anything. */
export type Canary = {
  /** for all of them to end well, from when the last was sent its command */ readonly withinMs: number;
} & ({ readonly devices: number } | { readonly percent: number });

/** When a job stops by itself: at either of the two. */
export interface StopRule {
  /** devices that failed */
  readonly count?: number;
  /** of the devices that succeeded or failed, once there are `atLeast` of these */
  readonly percent?: number;
  readonly atLeast: number;
}

export interface JobLimits {
  /** as it was asked for: "10/s" */
  readonly rate: string;
  readonly pace: Pace;
  readonly canary?: Canary;
  readonly stop?: StopRule;
}

/** What was asked for, and never changes. */
export interface JobPlan {
  /** a ULID */
  readonly id: string;
  /** unix ms */
  readonly createdAt: number;
  readonly command: JobCommand;
  readonly selector: Selector;
  readonly limits: JobLimits;
  /** what brought it about, as JSON; left out: somebody outside of the hub */
  readonly origin?: string;
}

/** How many of `total` devices are canaries; 0: none. */
export function canariesOf({ limits: { canary } }: JobPlan, total: number): number {
  if (!canary) return 0;
  const wanted = 'devices' in canary ? canary.devices : Math.ceil((total * canary.percent) / 100);
  return Math.min(wanted, total);
}

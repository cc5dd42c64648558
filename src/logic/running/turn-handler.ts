import type { Declaration } from '../../plugin/declarations.js';
import type { RunRules } from '../loading/run-rules.js';
import type { Permissions } from './permissions.js';

/** A method of a logic server that turns call, as the dispatcher knows it. */
export interface TurnHandler {
  /** `thermostat.regulate`, for logs and dead letters; its host finds the method by it */
  readonly name: string;
  readonly version: string;
  readonly kind: Exclude<Declaration['kind'], 'pipeline'>;
  /** of an event's handler: its pattern; else the name of the command, the timer or the outbox */
  readonly of: string;
  readonly rules: RunRules;
  readonly permissions: Permissions;
  /** why there is no such method any more; undefined: there is one */
  readonly missing: string | undefined;
}

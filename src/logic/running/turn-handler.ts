import type { Declaration } from '../../plugin/declarations.js';
import type { PlainClass } from '../../plugin/logic-server-options.js';
import type { Turn } from '../../plugin/turn.js';
import type { RunRules } from '../loading/run-rules.js';
import type { Permissions } from './permissions.js';

/** A method of a logic server that turns call. */
export interface TurnHandler {
  /** `thermostat.regulate`, for logs and dead letters */
  readonly name: string;
  readonly version: string;
  readonly kind: Exclude<Declaration['kind'], 'pipeline'>;
  /** of an event's handler: its pattern; else the name of the command, the timer or the outbox */
  readonly of: string;
  readonly payload: PlainClass | undefined;
  readonly rules: RunRules;
  readonly permissions: Permissions;
  /** the method, bound to its logic server */
  call(input: unknown, turn: Turn): unknown;
}

import type { DesiredState, DesiredStates } from '../devices/desired-states.js';
import type { Commands, SentCommand } from './commands.js';

/** The command that brings a device its desired state; its params are `{"version","document"}`. */
export const DESIRED_COMMAND = 'desired.set';
/** Of those that still wait only the newest is worth anything. */
const SUPERSEDE_KEY = 'desired.set';

export interface PushedState {
  readonly state: DesiredState;
  readonly sent: SentCommand;
}

/**
 * Sends a device its desired state as a command; one that still waits is replaced.
 * @throws HubError `queue_full`, `device_not_found`, `device_gone`; EngineError
 */
export async function pushDesired(commands: Commands, states: DesiredStates, device: string): Promise<PushedState> {
  for (let state = await states.require(device); ; ) {
    const { version, document } = state;
    const sent = await commands.send(device, DESIRED_COMMAND, { version, document }, { key: SUPERSEDE_KEY });
    // A change meanwhile may have been pushed before this one, which then took its place.
    const newest = await states.require(device);
    if (newest.version === version) return { state, sent };
    state = newest;
  }
}

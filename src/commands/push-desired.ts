import { andThen } from '../channels/maybe-promise.js';
import type { DesiredState, DesiredStates } from '../devices/desired-states.js';
import type { Commands, SentCommand } from './commands.js';
import { draftCommand } from './draft-command.js';

/** The command that brings a device its desired state; its params are `{"version","document"}`. */
export const DESIRED_COMMAND = 'desired.set';
/** Of those that still wait only the newest is worth anything. */
const SUPERSEDE_KEY = 'desired.set';

export interface PushedState {
  readonly state: DesiredState;
  readonly sent: SentCommand;
}

export interface PushParts {
  readonly commands: Commands;
  readonly desired: DesiredStates;
}

/** What a device shall be like from now on. */
export interface AskedPush {
  readonly device: string;
  readonly document: unknown;
  /** the version that its desired state must have, 0 for none; undefined: whatever is there */
  readonly ifVersion: number | undefined;
}

/**
 * Sets a device's desired state and sends it as a command, in one commit: there is never one without the other. A command
 * with an older state that still waits is replaced.
 * @throws HubError `queue_full`, `device_gone`, and as `DesiredStates.put`; EngineError
 */
export async function pushDesired(
  { commands, desired }: PushParts,
  { device, document, ifVersion }: AskedPush,
): Promise<PushedState> {
  let sent: SentCommand | undefined;
  const state = await desired.put(device, document, {
    ifVersion,
    commit: (changes, version) => {
      const draft = draftCommand(device, DESIRED_COMMAND, { version, document }, { key: SUPERSEDE_KEY });
      return andThen(commands.sendDraft(draft, undefined, changes), (made) => {
        sent = made;
      });
    },
  });
  return { state, sent: sent as SentCommand };
}

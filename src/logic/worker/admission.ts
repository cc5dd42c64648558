import { HubError } from '../../channels/hub-error.js';
import type { TurnResult } from '../running/handler-host.js';
import type { Permissions } from '../running/permissions.js';
import { readEffect } from './codec.js';
import type { WireEffect } from './protocol.js';

/** What a turn asked for, taken out of its rates. */
export interface Admitted extends TurnResult {
  /** It was not done: gives back what it took. */
  undo(): void;
}

/**
 * What a turn elsewhere has asked for, if its grants allow it. The worker has asked them too, so that a handler can catch
 * the refusal; here they count, for a worker is not to be believed, and forgets its rates with its end.
 * @throws HubError `not_granted`, `rate_exceeded`, `invalid_device_id`, `invalid_payload`, `turn_limit`
 */
export function admit(
  { effects: asked, skipped }: { readonly effects: readonly WireEffect[]; readonly skipped?: string },
  permissions: Permissions,
  maxEffects: number,
): Admitted {
  if (asked.length > maxEffects) {
    throw new HubError('turn_limit', `The turn asked for ${asked.length} things; ${maxEffects} are allowed.`);
  }
  const givesBack: (() => void)[] = [];
  const undo = () => {
    for (const giveBack of givesBack.splice(0)) giveBack();
  };
  try {
    const effects = asked.map(readEffect);
    for (const effect of effects) {
      if (effect.kind === 'command') givesBack.push(permissions.takeCommand(effect.draft.device, effect.draft.name));
      if (effect.kind === 'job') permissions.checkJob(effect.draft);
      if (effect.kind === 'message') permissions.checkPublish(effect.channel);
    }
    return { effects, skipped, undo };
  } catch (error) {
    undo();
    throw error;
  }
}

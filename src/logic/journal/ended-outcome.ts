import { channelPattern } from '../../channels/channel-pattern.js';
import type { CommandOutcome } from '../../plugin/on-outcome.js';

const OUTCOME_PATTERN = channelPattern('devices/+/outcomes');
const OUTCOME_END = '/outcomes';

/** True for the channels that tell what becomes of commands. */
export function isOutcomeChannel(channelId: string): boolean {
  return channelId.endsWith(OUTCOME_END) && OUTCOME_PATTERN.matches(channelId);
}

/** States in which a command goes on; all others are ends. */
const OPEN_STATES: ReadonlySet<string> = new Set(['SCHEDULED', 'QUEUED', 'LEASED', 'IN_PROGRESS']);

/** The outcome that a message on `devices/+/outcomes` tells; undefined when its command has not ended. */
export function endedOutcomeOf(body: Buffer): CommandOutcome | undefined {
  const outcome = outcomeOf(body);
  return outcome && !OPEN_STATES.has(outcome.state) ? outcome : undefined;
}

/** What a message on `devices/+/outcomes` tells; undefined when it tells nothing of a command. */
export function outcomeOf(body: Buffer): CommandOutcome | undefined {
  try {
    const outcome = JSON.parse(body.toString('utf8')) as CommandOutcome;
    return typeof outcome?.name === 'string' ? outcome : undefined;
  } catch {
    // Somebody published there what the hub did not.
    return undefined;
  }
}

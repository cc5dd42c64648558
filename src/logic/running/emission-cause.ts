import { HubError } from '../../channels/hub-error.js';
import { type Cause, MAX_DEPTH } from '../cause.js';
import type { GivenEvent } from './handler-host.js';
import type { PipelineBinding } from './handlers.js';
import { describeMessage } from './turn-input.js';

/**
 * What brought something about that a pipeline gave out: the event that it was given at that moment. Where an operator has
 * waited, or taken many events together, none can be named, and a chain of turns begins anew.
 * @throws HubError `loop_broken`
 */
export function emissionCause(
  plugin: string,
  { name: handler, version }: Pick<PipelineBinding, 'name' | 'version'>,
  event: GivenEvent | undefined,
): Cause {
  const depth = event?.depth ?? 0;
  if (depth >= MAX_DEPTH) throw loopBroken(handler, depth);
  const given = event && describeMessage({ kind: 'event', ...event });
  return { plugin, version, handler, by: 'pipeline', given, depth: depth + 1 };
}

/** @param depth of the turn that caused this one */
export function loopBroken(handler: string, depth: number): HubError {
  return new HubError(
    'loop_broken',
    `${handler} is turn ${depth + 1} in a row that caused each other, and ${MAX_DEPTH} are allowed: plugins answer ` +
      'each other, or themselves, without end.',
  );
}

import { channelPattern } from '../../channels/channel-pattern.js';

const EXAMPLES = '"devices/+/events/temperature", "devices/fan-7/events/+" or "devices/#"';

/** @returns what is wrong with a pattern of a handler or pipeline; undefined when it can match an event's channel */
export function eventPatternFault(pattern: unknown): string | undefined {
  if (typeof pattern !== 'string') return `A pattern is a text, as in ${EXAMPLES}.`;
  try {
    channelPattern(pattern);
  } catch (error) {
    return (error as Error).message;
  }
  if (canMatchEvents(pattern.split('/'))) return undefined;
  return `The pattern "${pattern}" matches no event of a device; write it as ${EXAMPLES}.`;
}

/** Event channels have four segments: devices/{device}/events/{type}. */
function canMatchEvents(segments: readonly string[]): boolean {
  const rest = segments.indexOf('#');
  if (rest < 0 ? segments.length !== 4 : rest > 4) return false;
  return fits(segments[0], 'devices') && fits(segments[2], 'events');
}

function fits(segment: string | undefined, fixed: string): boolean {
  return segment === undefined || segment === '#' || segment === '+' || segment === fixed;
}

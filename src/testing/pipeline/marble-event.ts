import { positionOf } from '../../engine/position.js';
import { readPayload } from '../../logic/running/read-payload.js';
import { ReceivedEvent } from '../../logic/running/turn-value.js';
import type { EventDeclaration } from '../../plugin/declarations.js';
import { bodyOf } from '../hub/payload.js';

/** An event of a device, for a marble. */
export interface MarbleEvent {
  readonly kind: 'event';
  readonly device: string;
  readonly payload: unknown;
  /** left out: as the pipeline's pattern says */
  readonly type: string | undefined;
}

/** An event of a device, to stand for a letter of marbles. @param payload as for `hub.emit` */
export function event(device: string, payload?: unknown, type?: string): MarbleEvent {
  return { kind: 'event', device, payload, type };
}

/**
 * The event as a pipeline gets it.
 * @param now unix ms
 * @throws Error with what is wrong
 */
export function receivedEvent(value: unknown, { pattern, payload }: EventDeclaration, now: number): ReceivedEvent {
  if (!isMarbleEvent(value)) {
    throw new Error(
      `A marble of the events stands for ${JSON.stringify(value)}; give it event(device, payload) in values.`,
    );
  }
  const read = readPayload(bodyOf(value.payload).body, payload);
  if (!read.isValid) throw new Error(`The event of ${value.device} does not pass: ${read.fault}.`);
  const channel = `devices/${value.device}/events/${value.type ?? typeIn(pattern)}`;
  return new ReceivedEvent({ channel, position: positionOf(Math.floor(now / 1_000), 0), publishedAt: now }, read.data);
}

function isMarbleEvent(value: unknown): value is MarbleEvent {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'event';
}

/** @throws Error when the pattern leaves it open */
function typeIn(pattern: string): string {
  const type = pattern.split('/')[3];
  if (type !== undefined && !['+', '#'].includes(type)) return type;
  throw new Error(`The pattern "${pattern}" leaves the type open: name it with event(device, payload, type).`);
}

import { HubError } from '../../channels/hub-error.js';
import { eventSourceOf } from '../../devices/device-id.js';
import { type Position, parsePosition } from '../../engine/position.js';

/** An event that somebody asks about. */
export interface AskedEvent {
  readonly channel: string;
  /** undefined: the last one of its channel */
  readonly position: Position | undefined;
}

const EVENT = /^(?:event )?([^\s@]+)(?:[ @](\S+))?$/;

/** `CHANNEL@POSITION`, or as causes and dead letters have it: `event CHANNEL POSITION`. @throws HubError `bad_request` */
export function askedEvent(text: string): AskedEvent {
  const [, channel = '', written] = EVENT.exec(text) ?? [];
  const position = written === undefined ? undefined : parsePosition(written);
  if (eventSourceOf(channel) && (written === undefined || position !== undefined)) return { channel, position };
  throw new HubError(
    'bad_request',
    `"${text.slice(0, 200)}" names no event. Write its channel, and behind an "@" its position, as in ` +
      'devices/fan-1/events/temperature@1795421814:0; without a position it is the last one.',
  );
}

import type { Revision } from '../record-table.js';
import type { PositionState } from './positions.js';

/** What the engine knows of all its contents together; written with every commit. */
export interface EngineState extends PositionState {
  readonly revision: Revision;
  /** the number that the next channel gets */
  readonly nextChannel: number;
  /** stored ones of all channels that exist */
  readonly channels: number;
  readonly messages: number;
  /** what these messages are counted with */
  readonly bytes: number;
}

/** where it lies among the single values */
export const STATE_KEY = Buffer.from('signalbox.state');

const FIELDS = ['highest', 'reserved', 'revision', 'nextChannel', 'channels', 'messages', 'bytes'] as const;

export const EMPTY_STATE: EngineState = {
  highest: 0,
  reserved: 0,
  revision: 0,
  nextChannel: 1,
  channels: 0,
  messages: 0,
  bytes: 0,
};

/** One big-endian double a field, in the order of FIELDS. */
export function writeState(state: EngineState): Buffer {
  const bytes = Buffer.alloc(FIELDS.length * 8);
  for (const [index, field] of FIELDS.entries()) bytes.writeDoubleBE(state[field], index * 8);
  return bytes;
}

export function readState(bytes: Buffer): EngineState {
  const entries = FIELDS.map((field, index) => [field, bytes.readDoubleBE(index * 8)]);
  return Object.fromEntries(entries) as EngineState;
}

import type { Position } from '../position.js';

/** Where a message lies: the number of its channel, then its position. Both big-endian, so that keys sort as they do. */
export interface MessageKey {
  /** 0 to 2^48 - 1 */
  readonly channel: number;
  readonly position: Position;
}

/** Behind every position. */
export const BEHIND_ALL: Position = Number.MAX_SAFE_INTEGER;

const CHANNEL_BYTES = 6;
const POSITION_BYTES = 7;
const WORD = 2 ** 32;

/** How lmdb writes such keys and reads them again; written out byte by byte, as each message pays for it. */
export const messageKeyEncoder = {
  /** @returns the index behind the key */
  writeKey({ channel, position }: MessageKey, target: Uint8Array, at: number): number {
    const channelHigh = Math.floor(channel / WORD);
    target[at] = channelHigh >>> 8;
    target[at + 1] = channelHigh;
    writeWord(target, at + 2, channel);
    const positionHigh = Math.floor(position / WORD);
    target[at + 6] = positionHigh >>> 16;
    target[at + 7] = positionHigh >>> 8;
    target[at + 8] = positionHigh;
    writeWord(target, at + 9, position);
    return at + CHANNEL_BYTES + POSITION_BYTES;
  },

  readKey(source: Buffer, start: number, end: number): MessageKey {
    const middle = start + CHANNEL_BYTES;
    const high = source.readUIntBE(middle, POSITION_BYTES - 4);
    return { channel: source.readUIntBE(start, CHANNEL_BYTES), position: high * WORD + source.readUInt32BE(end - 4) };
  },
};

/** The number of the channel in a key as lmdb has it. */
export function channelOfKey(key: Buffer): number {
  return key.readUIntBE(0, CHANNEL_BYTES);
}

function writeWord(target: Uint8Array, at: number, value: number): void {
  const word = value >>> 0;
  target[at] = word >>> 24;
  target[at + 1] = word >>> 16;
  target[at + 2] = word >>> 8;
  target[at + 3] = word;
}

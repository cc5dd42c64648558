import { describe } from '@jest/globals';
import { channelsOf } from './message-log/channels.js';
import { keepingOf } from './message-log/keeping.js';
import type { MakeLog } from './message-log/log-under-test.js';
import { modelOf } from './message-log/model.js';
import { positionsOf } from './message-log/positions.js';
import { readingOf } from './message-log/reading.js';
import { roomOf } from './message-log/room.js';

/**
 * What the port MessageLog promises, as tests. Every engine runs the whole of it, and adds only what is its own.
 * @param name the engine, as the test report shall call it
 * @param makeLog makes an empty engine for one test
 */
export function messageLogContract(name: string, makeLog: MakeLog): void {
  describe(`${name} as a MessageLog`, () => {
    describe('positions', () => positionsOf(makeLog));
    describe('reading', () => readingOf(makeLog));
    describe('buffers and expiry', () => keepingOf(makeLog));
    describe('room', () => roomOf(makeLog));
    describe('channels', () => channelsOf(makeLog));
    describe('in any order of calls', () => modelOf(makeLog));
  });
}

import { describe, expect, it } from '@jest/globals';
import { MESSAGE_OVERHEAD_BYTES } from '../../../src/engine/kept-message.js';
import { MemoryMessageLog } from '../../../src/engine/memory/memory-message-log.js';
import { EngineError, type StoredMessage } from '../../../src/engine/message-log.js';
import { formatPosition, secondOf, tagOf } from '../../../src/engine/position.js';
import { draft, type LogSetting, wideSetting } from '../../contracts/message-log/log-under-test.js';

function memoryLog({ clock, maxBytes, maxMessages }: LogSetting): MemoryMessageLog {
  return new MemoryMessageLog({ now: () => clock.now(), maxBytes, maxMessages });
}

/** Appends a message that the memory log, as it always does, stores at once. */
function append(log: MemoryMessageLog, channel: string, message = draft()): StoredMessage {
  return log.open(channel).append(message) as StoredMessage;
}

describe('MemoryMessageLog', () => {
  it('numbers the messages of a second from 0, each channel on its own', async () => {
    const setting = wideSetting();
    const log = memoryLog(setting);
    setting.clock.advance(1_000);
    const tags = ['a', 'a', 'b', 'a'].map((channel) => tagOf(append(log, channel).position));
    expect(tags).toEqual([0, 1, 0, 2]);
    setting.clock.advance(1_000);
    expect(tagOf(append(log, 'a').position)).toBe(0);
  });

  it('begins within the second of its start where no predecessor can have been', () => {
    const setting = wideSetting();
    setting.clock.advance(437);
    const log = memoryLog(setting);
    const startSecond = Math.floor(setting.clock.now() / 1000);
    expect(formatPosition(append(log, 'a').position)).toBe(`${startSecond}:437000`);
    expect(formatPosition(append(log, 'b').position)).toBe(`${startSecond}:437000`);
    expect(formatPosition(append(log, 'a').position)).toBe(`${startSecond}:437001`);
  });

  it('goes on in the second that it reached while the clock is behind', () => {
    const setting = wideSetting();
    const log = memoryLog(setting);
    setting.clock.advance(5_000);
    const reached = append(log, 'a').position;
    setting.clock.setWall(setting.clock.now() - 3_600_000);
    expect(append(log, 'a').position).toBe(reached + 1);
    log.remove('a');
    expect(append(log, 'new').position).toBe(reached + 2);
  });

  it('takes the next second when one is full', () => {
    const setting = wideSetting();
    const log = memoryLog(setting);
    setting.clock.advance(1_000);
    const first = append(log, 'a', draft('', { store: false })).position;
    for (let i = 1; i < 2 ** 20; i++) append(log, 'a', draft('', { store: false }));
    const overflowing = append(log, 'a').position;
    expect([secondOf(overflowing), tagOf(overflowing)]).toEqual([secondOf(first) + 1, 0]);
  });

  it('counts a message with its body, its type and what its objects cost', () => {
    const log = memoryLog(wideSetting());
    append(log, 'a', draft('12345', { contentType: 'text/plain' }));
    expect(log.open('a').bytes).toBe(5 + 10 + MESSAGE_OVERHEAD_BYTES);
  });

  it('refuses with the numbers and the remedy', () => {
    const log = memoryLog(wideSetting({ maxBytes: 1_000, maxMessages: 7 }));
    append(log, 'a', draft('x'.repeat(600)));
    expect(() => append(log, 'b', draft('y'.repeat(100)))).toThrow(
      new EngineError(
        'log_full',
        'The message needs 260 bytes, and the hub holds 1 of 7 messages with 760 of 1000 bytes (max_reserved_memory); ' +
          'too little of this channel may be evicted. Publish again when messages have expired or were deleted, or ' +
          'raise the limit.',
      ),
    );
  });

  it('says of a message that never fits that waiting does not help', () => {
    const log = memoryLog(wideSetting({ maxBytes: 1_000 }));
    expect(() => append(log, 'a', draft('x'.repeat(2_000)))).toThrow(
      'The message needs 2160 bytes, and the hub holds 0 of 10000 messages with 0 of 1000 bytes (max_reserved_memory); ' +
        'it does not fit into an empty hub. Publish a smaller one, or raise the limit.',
    );
  });

  it('finds expired messages among many channels within a few publications', () => {
    const setting = wideSetting({ maxMessages: 5_000 });
    const log = memoryLog(setting);
    for (let i = 0; i < 4_999; i++) append(log, `lasting/${i}`);
    append(log, 'brief', draft('', { expiresAt: setting.clock.now() + 1 }));
    setting.clock.advance(1);
    const outcomes = Array.from({ length: 6 }, () => {
      try {
        append(log, 'new');
        return 'stored';
      } catch (error) {
        return (error as EngineError).code;
      }
    });
    expect(outcomes).toContain('stored');
    expect(log.stats().messages).toBe(5_000);
  });
});

import { describe, expect, it } from '@jest/globals';
import { amountOf, counted, countOf } from '../../src/cli/amounts.js';
import { Progress } from '../../src/cli/progress.js';
import { FakeTerminal } from './support/fake-terminal.js';

function progressOn(terminal: FakeTerminal, total?: number) {
  let time = 0;
  const progress = new Progress(terminal, 'Writing', total, () => time);
  const done = (bytes: number, atMs: number) => {
    time = atMs;
    progress.add(bytes);
  };
  return { progress, done };
}

describe('Progress', () => {
  it('is one line on a terminal, written anew at most five times a second, and gone at the end', () => {
    const terminal = new FakeTerminal();
    terminal.isWatched = true;
    const { progress, done } = progressOn(terminal, 4_000_000);
    done(1_000_000, 100);
    expect(terminal.err).toBe('');
    done(1_000_000, 1_000);
    done(1_000_000, 1_100);
    done(0, 2_000);
    progress.end();
    expect(terminal.err.split('\r')).toEqual([
      '',
      'Writing: 2.0 MB of 4.0 MB (50%), 2.0 MB/s\x1b[K',
      'Writing: 3.0 MB of 4.0 MB (75%), 1.5 MB/s\x1b[K',
      '\x1b[K',
    ]);
  });

  it('is a line now and then in a log, and none of a short command', () => {
    const terminal = new FakeTerminal();
    const { progress, done } = progressOn(terminal);
    done(500, 9_999);
    expect(terminal.err).toBe('');
    done(500, 10_000);
    progress.end();
    expect(terminal.err).toBe('Writing: 1.0 kB, 100 bytes/s\n');
  });
});

describe('Progress of what changes its name', () => {
  it('asks for it each time', () => {
    const terminal = new FakeTerminal();
    let time = 0;
    let lines = 0;
    const progress = new Progress(
      terminal,
      () => `Recording, ${lines} lines`,
      undefined,
      () => time,
    );
    for (lines = 1; lines <= 2; lines++) {
      time += 10_000;
      progress.add(1_000);
    }
    expect(terminal.err).toBe('Recording, 1 lines: 1.0 kB, 100 bytes/s\nRecording, 2 lines: 2.0 kB, 100 bytes/s\n');
  });
});

describe('Amounts', () => {
  it.each([
    [0, '0 bytes'],
    [999, '999 bytes'],
    [1_000, '1.0 kB'],
    [12_345_678, '12.3 MB'],
    [5e9, '5.0 GB'],
    [7.25e15, '7250.0 TB'],
  ])('of %d bytes are told as %s', (bytes, told) => {
    expect(amountOf(bytes)).toBe(told);
  });

  it('that are counts have commas', () => {
    expect(countOf(1_234_567)).toBe('1,234,567');
    expect([0, 1, 1_204].map((count) => counted(count, 'event'))).toEqual(['0 events', '1 event', '1,204 events']);
  });
});

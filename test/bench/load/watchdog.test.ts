import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { watched } from './watchdog.js';

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

const never = new Promise<void>(() => {});

describe('The watchdog', () => {
  it('ends a run in which nothing arrives any more, with what is missing', async () => {
    const run = watched(
      never,
      () => 7,
      () => '3 polls wait',
    );
    const ended = expect(run).rejects.toThrow('Nothing came for 10 s, though 3 polls wait.');
    await jest.advanceTimersByTimeAsync(10_000);
    await ended;
  });

  it('lets a run go on in which something arrives', async () => {
    let arrivals = 0;
    let finish: (value: string) => void = () => {};
    const work = new Promise<string>((resolve) => {
      finish = resolve;
    });
    const run = watched(
      work,
      () => arrivals++,
      () => 'nothing',
    );
    await jest.advanceTimersByTimeAsync(60_000);
    finish('done');
    expect(await run).toBe('done');
    expect(jest.getTimerCount()).toBe(0);
  });
});

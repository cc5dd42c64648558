import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Budget } from './budget.js';
import { Fifo } from './fifo.js';
import { ClosedLoop, FixedRate } from './pace.js';

beforeEach(() => {
  jest.useFakeTimers({ now: 0 });
});
afterEach(() => {
  jest.useRealTimers();
});

describe('A budget', () => {
  it('ends with its messages', () => {
    const budget = new Budget({ messages: 3, seconds: 60 });
    expect([budget.take(), budget.take(2), budget.isSpent, budget.take()]).toEqual([true, true, true, false]);
  });

  it('ends with its time', () => {
    const budget = new Budget({ messages: 3, seconds: 1 });
    jest.advanceTimersByTime(999);
    expect(budget.isSpent).toBe(false);
    jest.advanceTimersByTime(1);
    expect(budget.take()).toBe(false);
  });
});

describe('A closed loop', () => {
  it('sends while fewer than its window are under way', () => {
    const loop = new ClosedLoop(new Budget({ messages: 10, seconds: 60 }), 2);
    expect(loop.next(1)).toBe(performance.now());
    expect(loop.next(2)).toBeUndefined();
    expect(loop.isOver).toBe(false);
  });
});

describe('A fixed rate', () => {
  it('lets as many go as are due, counted from when they became due', () => {
    const pace = new FixedRate(new Budget({ messages: 100, seconds: 60 }), 1000);
    jest.advanceTimersByTime(3);
    pace.tick();
    const dueAt = performance.now();
    // The server is slow, and the device comes back late only: the wait counts.
    jest.advanceTimersByTime(50);
    expect([pace.next(), pace.next(), pace.next(), pace.next()]).toEqual([dueAt, dueAt, dueAt, undefined]);
  });

  it('is over when nothing is due any more and the budget is spent', () => {
    const pace = new FixedRate(new Budget({ messages: 2, seconds: 60 }), 1000);
    jest.advanceTimersByTime(10);
    pace.tick();
    expect([pace.isOver, pace.next() !== undefined, pace.next() !== undefined, pace.isOver]).toEqual([
      false,
      true,
      true,
      true,
    ]);
  });
});

describe('A queue', () => {
  it('gives back what it took, in order, however much there is', () => {
    const fifo = new Fifo<number>();
    const taken: (number | undefined)[] = [];
    for (let i = 0; i < 5_000; i++) {
      fifo.push(i);
      if (i % 2 === 1) taken.push(fifo.shift());
    }
    while (fifo.length > 0) taken.push(fifo.shift());
    expect(taken).toEqual(Array.from({ length: 5_000 }, (_, i) => i));
    expect(fifo.shift()).toBeUndefined();
  });
});

import { describe, expect, it } from '@jest/globals';
import { BLACK_BOX_LENGTH, BlackBox, NOTED } from '../../src/devices/black-box.js';

const NOON = Date.UTC(2026, 0, 15, 12);

describe('A black box', () => {
  it('is empty at first', () => {
    expect(new BlackBox().steps()).toEqual([]);
  });

  it('keeps steps with their time to the millisecond, the oldest first', () => {
    const box = new BlackBox();
    box.note(NOON + 0.75, NOTED.pollOpened);
    box.note(NOON + 30_001, 304);
    expect(box.steps()).toEqual([
      { at: NOON, what: NOTED.pollOpened },
      { at: NOON + 30_001, what: 304 },
    ]);
  });

  it('lets the oldest go when it is full', () => {
    const box = new BlackBox();
    for (let i = 0; i < 3 * BLACK_BOX_LENGTH + 5; i++) box.note(NOON + i, NOTED.event);
    const times = box.steps().map(({ at }) => at - NOON);
    expect(times).toEqual(Array.from({ length: BLACK_BOX_LENGTH }, (_, i) => 2 * BLACK_BOX_LENGTH + 5 + i));
  });

  it('holds every HTTP status up to the year 2039', () => {
    const box = new BlackBox();
    box.note(2 ** 41 - 1, 599);
    expect(box.steps()).toEqual([{ at: 2 ** 41 - 1, what: 599 }]);
  });
});

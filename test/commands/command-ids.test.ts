import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decodeTime } from 'ulid';
import { commandIds, deviceMark, markIn, uniqueIds } from '../../src/commands/command-ids.js';

const NOW = 1_764_100_000_000;

describe('Ids of commands', () => {
  it('are ULIDs that tell when they were made', () => {
    const next = commandIds();
    for (const ms of [NOW, NOW + 1, NOW + 86_400_000]) {
      const id = next(ms, 'fan-1');
      expect(id).toMatch(/^[0-9A-HJKMNP-TV-Z]{26}$/);
      expect(decodeTime(id)).toBe(ms);
    }
  });

  it('rise from one to the next, also within a millisecond and when the clock is set back', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -3, max: 3 }), { minLength: 1, maxLength: 300 }), (steps) => {
        const next = commandIds();
        let ms = NOW;
        const ids = steps.map((step) => {
          ms += step;
          return next(ms, `fan-${ms % 3}`);
        });
        expect(ids).toEqual([...new Set(ids)].sort());
      }),
    );
  });

  it('go on rising when the digits of a millisecond are counted up past the last one', () => {
    const next = commandIds();
    let last = next(NOW, 'fan-1');
    for (let i = 0; i < 50_000; i++) {
      const id = next(NOW, 'fan-1');
      expect(id > last).toBe(true);
      last = id;
    }
  });

  it('of two makers in one millisecond differ', () => {
    const ids = Array.from({ length: 1_000 }, () => commandIds()(NOW, 'fan-1'));
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('end with the mark of their device, which few others have', () => {
    const next = commandIds();
    const devices = Array.from({ length: 50_000 }, (_, i) => `fan-${i}`);
    const marks = devices.map((device) => markIn(next(NOW, device)));
    expect(marks).toEqual(devices.map(deviceMark));
    expect(new Set(marks).size).toBeGreaterThan(49_900);
  });
});

describe('Ids of jobs', () => {
  it('are ULIDs that rise, and differ between two makers', () => {
    const [next, other] = [uniqueIds(), uniqueIds()];
    const ids = [next(NOW), next(NOW), next(NOW - 5), next(NOW + 1)];
    expect(ids).toEqual([...ids].sort());
    for (const id of ids) expect(id).toMatch(/^[0-9A-HJKMNP-TV-Z]{26}$/);
    expect(ids).not.toContain(other(NOW));
  });
});

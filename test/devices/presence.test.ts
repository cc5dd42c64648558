import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  type ContactFact,
  deadlineOf,
  NEVER_SEEN,
  nextPresence,
  type Presence,
  restoredPresence,
} from '../../src/devices/presence.js';

const NOW = 1_000_000;
/** patience 10 s: the least */
const gap = { meanMs: 100, deviationMs: 10 };
const expected: Presence = { state: 'expected', lastContactAt: NOW - 100, dueAt: NOW + 9_900, gap };
const due: Presence = { state: 'expected', lastContactAt: NOW - 10_000, dueAt: NOW, gap };
const late: Presence = { state: 'late', lastContactAt: NOW - 20_000, dueAt: NOW + 20_000, gap };
const lost: Presence = { state: 'late', lastContactAt: NOW - 40_000, dueAt: NOW, gap };
const offline: Presence = { state: 'offline', lastContactAt: NOW - 90_000, gap };
const one: Presence = { state: 'listening', polls: 1, gap };
const two: Presence = { state: 'listening', polls: 2, gap };

/** what a silence that the gap was taught becomes */
const taught = { meanMs: expect.any(Number), deviationMs: expect.any(Number) };
const listening = { state: 'listening', polls: 1, gap: taught };
const justSeen = { state: 'expected', lastContactAt: NOW, dueAt: expect.any(Number), gap: taught };

/** Every state with every fact; "due" both before and at the deadline. */
const table: readonly (readonly [string, Presence, ContactFact, unknown])[] = [
  ['never seen', NEVER_SEEN, 'opened', { state: 'listening', polls: 1, gap: undefined }],
  ['never seen', NEVER_SEEN, 'contact', { state: 'expected', lastContactAt: NOW, dueAt: NOW + 60_000, gap: undefined }],
  ['never seen', NEVER_SEEN, 'closed', NEVER_SEEN],
  ['never seen', NEVER_SEEN, 'due', NEVER_SEEN],
  ['listening', one, 'opened', { ...one, polls: 2 }],
  ['listening', one, 'closed', { state: 'expected', lastContactAt: NOW, dueAt: NOW + 10_000, gap }],
  ['listening', one, 'contact', one],
  ['listening', one, 'due', one],
  ['listening by two polls', two, 'opened', { ...two, polls: 3 }],
  ['listening by two polls', two, 'closed', one],
  ['listening by two polls', two, 'contact', two],
  ['listening by two polls', two, 'due', two],
  ['expected', expected, 'opened', listening],
  ['expected', expected, 'closed', expected],
  ['expected', expected, 'contact', justSeen],
  ['expected', expected, 'due', expected],
  ['expected and due', due, 'due', { ...due, state: 'late', dueAt: NOW + 30_000 }],
  ['late', late, 'opened', listening],
  ['late', late, 'closed', late],
  ['late', late, 'contact', justSeen],
  ['late', late, 'due', late],
  ['late and due', lost, 'due', { state: 'offline', lastContactAt: NOW - 40_000, gap }],
  ['offline', offline, 'opened', listening],
  ['offline', offline, 'closed', offline],
  ['offline', offline, 'contact', justSeen],
  ['offline', offline, 'due', offline],
];

describe('The presence of a device', () => {
  it.each(table)('%s: %s, %s', (_, presence, fact, next) => {
    expect(nextPresence(presence, fact, NOW)).toEqual(next);
  });

  it('after a restart is expected, for its patience and at least the grace', () => {
    expect(restoredPresence(gap, NOW, 60_000)).toEqual({
      state: 'expected',
      lastContactAt: undefined,
      dueAt: NOW + 60_000,
      gap,
    });
    const slow = { meanMs: 600_000, deviationMs: 0 };
    expect(deadlineOf(restoredPresence(slow, NOW, 60_000))).toBe(NOW + 600_000);
  });

  it('learns nothing from a silence that began before the restart', () => {
    expect(nextPresence(restoredPresence(gap, NOW, 60_000), 'opened', NOW + 50_000)).toEqual({ ...one, gap });
  });

  it('keeps its rules in every life', () => {
    const steps = fc.array(
      fc.record({
        fact: fc.constantFrom<ContactFact[]>('opened', 'closed', 'contact', 'due'),
        afterMs: fc.oneof(fc.integer({ min: 0, max: 30_000 }), fc.integer({ min: 0, max: 1e9 })),
      }),
      { maxLength: 100 },
    );
    fc.assert(
      fc.property(steps, fc.boolean(), (life, isRestored) => {
        let now = 0;
        let open = 0;
        let presence = isRestored ? restoredPresence(undefined, now, 60_000) : NEVER_SEEN;
        for (const { fact, afterMs } of life) {
          now += afterMs;
          if (fact === 'opened') open++;
          if (fact === 'closed') open = Math.max(open - 1, 0);
          const next = nextPresence(presence, fact, now);
          keepsRules(presence, fact, next, now, open);
          presence = next;
        }
      }),
    );
  });
});

const nearness = { listening: 3, expected: 2, late: 1, offline: 0 } as const;

function keepsRules(before: Presence, fact: ContactFact, after: Presence, now: number, open: number): void {
  // It listens exactly while polls are open.
  expect(after.state === 'listening' ? after.polls : 0).toBe(open);
  // Only bytes from the device bring it forward, and they always make it present.
  if (fact === 'opened' || fact === 'contact') expect(nearness[after.state]).toBeGreaterThanOrEqual(2);
  else expect(nearness[after.state]).toBeLessThanOrEqual(nearness[before.state]);
  // Time takes it one step at a time, and not before the deadline.
  const deadline = deadlineOf(before);
  if (fact === 'due') {
    const isDue = deadline !== undefined && now >= deadline;
    expect(nearness[before.state] - nearness[after.state]).toBe(isDue ? 1 : 0);
  }
  // A deadline that was just set lies ahead, at most two days.
  const next = deadlineOf(after);
  if (next !== undefined && next !== deadline) {
    expect(next).toBeGreaterThanOrEqual(now + 10_000);
    expect(next).toBeLessThanOrEqual(now + 48 * 3_600_000);
  }
}

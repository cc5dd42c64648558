import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { BEFORE_ALL, type Position } from '../../../src/engine/position.js';
import type { ManualClock } from '../../support/manual-clock.js';
import { bodiesOf, draft, type LogUnderTest, type MakeLog, wideSetting } from './log-under-test.js';

interface Kept {
  readonly body: string;
  readonly position: Position;
  readonly expiresAt: number;
}

/** The naive model: one list a channel, filtered anew at each question. */
class NaiveLog {
  readonly lists = new Map<string, Kept[]>();

  listOf(channel: string): Kept[] {
    const list = this.lists.get(channel) ?? [];
    this.lists.set(channel, list);
    return list;
  }

  append(channel: string, kept: Kept, keepAtMost: number): void {
    const list = this.listOf(channel);
    list.push(kept);
    if (list.length > keepAtMost) list.shift();
  }

  dropExpired(channel: string, now: number): number {
    const list = this.listOf(channel);
    const firstFresh = list.findIndex(({ expiresAt }) => expiresAt > now);
    return list.splice(0, firstFresh < 0 ? list.length : firstFresh).length;
  }

  behind(channel: string, after: Position, now: number): Kept[] {
    return this.listOf(channel).filter(({ position, expiresAt }) => position > after && expiresAt > now);
  }
}

interface Run {
  /** opened anew by a restart */
  under: LogUnderTest;
  readonly clock: ManualClock;
  readonly model: NaiveLog;
}

type Step = (run: Run) => Promise<void>;

const channel = fc.constantFrom('a', 'b', 'c');

const appending = fc
  .record({ channel, body: fc.string({ maxLength: 5 }), lifeMs: fc.constantFrom(1_000, 3_000, Infinity) })
  .chain((message) => fc.record({ message: fc.constant(message), keepAtMost: fc.constantFrom(1, 3, 50) }))
  .map(
    ({ message: { channel, body, lifeMs }, keepAtMost }): Step =>
      async ({ under: { log }, clock, model }) => {
        const expiresAt = clock.now() + lifeMs;
        const { position } = await log.open(channel).append(draft(body, { expiresAt, keepAtMost }));
        model.append(channel, { body, position, expiresAt }, keepAtMost);
      },
  );

const reading = fc
  .record({ channel, at: fc.nat({ max: 60 }), shift: fc.constantFrom(-1, 0, 1), limit: fc.integer({ min: 1, max: 5 }) })
  .map(
    ({ channel, at, shift, limit }): Step =>
      async ({ under: { log }, clock, model }) => {
        const after = (model.listOf(channel)[at]?.position ?? BEFORE_ALL) + shift;
        const expected = model.behind(channel, after, clock.now());
        expect((await log.open(channel).next(after))?.position).toBe(expected[0]?.position);
        const page = await log.open(channel).read(after, limit);
        expect(bodiesOf(page)).toEqual(expected.slice(0, limit).map(({ body }) => body));
        // Reading drops what has expired at the head; the model follows.
        model.dropExpired(channel, clock.now());
      },
  );

const dropping = fc.record({ channel, what: fc.constantFrom('oldest', 'expired', 'channel') }).map(
  ({ channel, what }): Step =>
    async ({ under: { log }, clock, model }) => {
      if (what === 'oldest') {
        log.open(channel).dropOldest();
        model.listOf(channel).shift();
      } else if (what === 'expired') {
        expect(log.open(channel).dropExpired()).toBe(model.dropExpired(channel, clock.now()));
      } else {
        log.remove(channel);
        model.lists.delete(channel);
      }
    },
);

const passing = fc.record({ ms: fc.integer({ min: 0, max: 1_500 }), setBack: fc.boolean() }).map(
  ({ ms, setBack }): Step =>
    async ({ clock }) => {
      if (setBack) clock.setWall(clock.now() - ms);
      else clock.advance(ms);
    },
);

const restarting = fc.constant(async (run: Run) => {
  run.under = await run.under.restart();
  if (!run.under.isDurable) run.model.lists.clear();
});

/** Any sequence of appends, reads, drops, restarts and moves of the clock gives what the naive model gives. */
export function modelOf(makeLog: MakeLog): void {
  it('behaves as a naive list does, whatever is done to it', async () => {
    const steps = fc.array(
      fc.oneof(
        { weight: 6, arbitrary: appending },
        { weight: 3, arbitrary: reading },
        { weight: 1, arbitrary: dropping },
        { weight: 2, arbitrary: passing },
        { weight: 1, arbitrary: restarting },
      ),
      { maxLength: 120, size: 'max' },
    );
    await fc.assert(
      fc.asyncProperty(steps, async (steps) => {
        const setting = wideSetting();
        const run: Run = { under: await makeLog(setting), clock: setting.clock, model: new NaiveLog() };
        for (const step of steps) {
          await step(run);
          expectSameCounts(run);
        }
        await run.under.close();
      }),
      { numRuns: 150 },
    );
  }, 60_000);
}

function expectSameCounts({ under: { log }, model }: Run): void {
  let messages = 0;
  for (const [channel, list] of model.lists) {
    expect(log.open(channel).length).toBe(list.length);
    expect(log.open(channel).first).toBe(list[0]?.position);
    messages += list.length;
  }
  expect(log.stats().messages).toBe(messages);
}

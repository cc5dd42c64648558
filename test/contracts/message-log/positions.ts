import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Position, secondOf } from '../../../src/engine/position.js';
import { draft, fill, type MakeLog, wideSetting } from './log-under-test.js';

/** Positions rise and are never given twice, whatever becomes of the clock, the channel or the process. */
export function positionsOf(makeLog: MakeLog): void {
  it('gives each message of a channel a higher position, and tells the highest', async () => {
    const { log } = await makeLog(wideSetting());
    expect(log.open('a').last).toBe(0);
    const [first, second, third] = await fill(log, 'a', ['1', '2', '3']);
    expect(second?.position).toBeGreaterThan(first?.position as Position);
    expect(third?.position).toBeGreaterThan(second?.position as Position);
    expect(log.open('a').last).toBe(third?.position);
  });

  it('puts a message into the second of its publication', async () => {
    const setting = wideSetting();
    const { log } = await makeLog(setting);
    setting.clock.advance(5_000);
    const { position, publishedAt } = await log.open('a').append(draft());
    expect(publishedAt).toBe(setting.clock.now());
    expect(secondOf(position)).toBe(setting.clock.now() / 1000);
  });

  it('gives positions also to messages that it does not keep', async () => {
    const { log } = await makeLog(wideSetting());
    const channel = log.open('a');
    const kept = await channel.append(draft('kept'));
    const passing = await channel.append(draft('passing', { store: false }));
    const next = await channel.append(draft('next'));
    expect(passing.position).toBeGreaterThan(kept.position);
    expect(next.position).toBeGreaterThan(passing.position);
    expect(channel.last).toBe(next.position);
  });

  it('completes appends in the order of their calls', async () => {
    const { log } = await makeLog(wideSetting());
    const channel = log.open('a');
    const order: string[] = [];
    const stored = await Promise.all(
      ['1', '2', '3', '4'].map(async (body) => {
        const message = await channel.append(draft(body));
        order.push(body);
        return message.position;
      }),
    );
    expect(order).toEqual(['1', '2', '3', '4']);
    expect(stored).toEqual([...stored].sort((a, b) => a - b));
  });

  it('never gives a position twice: clock set back, channel removed and made again, restarts', async () => {
    const event = fc.oneof(
      { weight: 6, arbitrary: fc.constant('append' as const) },
      { weight: 1, arbitrary: fc.constant('remove' as const) },
      { weight: 1, arbitrary: fc.constant('restart' as const) },
      { weight: 2, arbitrary: fc.record({ passMs: fc.integer({ min: 0, max: 2_500 }) }) },
      { weight: 1, arbitrary: fc.record({ setBackMs: fc.integer({ min: 1, max: 100_000 }) }) },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(event, { maxLength: 60 }), async (events) => {
        const setting = wideSetting();
        let { log, isDurable, restart, close } = await makeLog(setting);
        let highest: Position = 0;
        for (const event of events) {
          if (event === 'append') {
            const { position } = await log.open('a').append(draft());
            expect(position).toBeGreaterThan(highest);
            highest = position;
          } else if (event === 'remove') log.remove('a');
          else if (event === 'restart') {
            // Starting takes its time, and an engine without a memory can only lean on the clock.
            const reached = Math.max(setting.clock.now(), secondOf(highest) * 1000);
            if (!isDurable) setting.clock.setWall(reached + 1_000);
            ({ log, isDurable, restart, close } = await restart());
          } else if ('passMs' in event) setting.clock.advance(event.passMs);
          else setting.clock.setWall(setting.clock.now() - event.setBackMs);
        }
        await close();
      }),
      { numRuns: 60 },
    );
  });

  it('stays above its predecessor after a restart within the same second', async () => {
    const setting = wideSetting();
    const before = await makeLog(setting);
    setting.clock.advance(10_000);
    const stored = await fill(before.log, 'a', ['1', '2', '3']);
    setting.clock.advance(1);
    const { log } = await before.restart();
    const { position } = await log.open('a').append(draft());
    expect(position).toBeGreaterThan(stored[2]?.position as Position);
    expect(secondOf(position)).toBe(secondOf(stored[2]?.position as Position));
  });
}

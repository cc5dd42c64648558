import { describe, expect, it } from '@jest/globals';
import { type Deadlined, DeadlineWheel } from '../../src/channels/deadline-wheel.js';
import { ManualClock } from '../support/manual-clock.js';

function deadline(onExpire: () => void = () => {}): Deadlined {
  return { dueAt: 0, wheelSlot: -1, wheelIndex: 0, expire: onExpire };
}

function wheelOn(clock: ManualClock): DeadlineWheel {
  const wheel = new DeadlineWheel(() => clock.uptime());
  clock.every(1000, () => wheel.turn());
  return wheel;
}

describe('DeadlineWheel', () => {
  it('expires a deadline once, not before its time and at most two turns after it', () => {
    const clock = new ManualClock();
    const wheel = wheelOn(clock);
    const expired: number[] = [];
    for (const ms of [0, 1, 999, 1000, 1500, 60_000, 511_000, 512_000, 513_000, 7_200_000]) {
      wheel.arm(
        deadline(() => expired.push(clock.uptime() - ms)),
        ms,
      );
    }
    clock.advance(7_210_000);
    expect(expired).toHaveLength(10);
    expect(Math.min(...expired)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...expired)).toBeLessThanOrEqual(2000);
    expect(wheel.size).toBe(0);
  });

  it('does not expire what was disarmed, also when an earlier one of the same slot disarms it', () => {
    const clock = new ManualClock();
    const wheel = wheelOn(clock);
    const expired: string[] = [];
    const second = deadline(() => expired.push('second'));
    wheel.arm(
      deadline(() => {
        expired.push('first');
        wheel.disarm(second);
      }),
      500,
    );
    wheel.arm(second, 500);
    const third = deadline(() => expired.push('third'));
    wheel.arm(third, 500);
    wheel.disarm(third);
    clock.advance(5000);
    expect(expired).toEqual(['first']);
    expect(wheel.size).toBe(0);
  });

  it('keeps the place of one that was suspended, for its next deadline', () => {
    const clock = new ManualClock();
    const wheel = wheelOn(clock);
    const expired: string[] = [];
    const again = deadline(() => expired.push(`again at ${clock.uptime()}`));
    const sooner = deadline(() => expired.push(`sooner at ${clock.uptime()}`));
    const never = deadline(() => expired.push('never'));
    const start = clock.uptime();
    for (const item of [again, sooner, never]) {
      wheel.arm(item, 20_000);
      wheel.suspend(item);
      wheel.suspend(item);
    }
    expect(wheel.size).toBe(0);
    wheel.arm(again, 60_000);
    wheel.arm(sooner, 5_000);
    expect(wheel.size).toBe(2);
    clock.advance(100_000);
    expect(expired).toEqual([`sooner at ${start + 6_000}`, `again at ${start + 61_000}`]);
    expect(wheel.size).toBe(0);
    wheel.arm(never, 1_000);
    clock.advance(5_000);
    expect(expired.slice(2)).toEqual(['never']);
  });

  it('lets go of what is disarmed, suspended or not, in any order', () => {
    const clock = new ManualClock();
    const wheel = wheelOn(clock);
    const expired: number[] = [];
    const items = Array.from({ length: 9 }, (_, i) => deadline(() => expired.push(i)));
    for (const item of items) wheel.arm(item, 500);
    for (const i of [1, 4, 8]) wheel.suspend(items[i] as Deadlined);
    for (const i of [8, 0, 4]) wheel.disarm(items[i] as Deadlined);
    expect(wheel.size).toBe(5);
    clock.advance(5_000);
    expect(expired.sort()).toEqual([2, 3, 5, 6, 7]);
    expect([wheel.size, items[1]?.wheelSlot]).toEqual([0, -1]);
  });

  it('does not expire what an earlier one of its slot suspends, and arms it anew', () => {
    const clock = new ManualClock();
    const wheel = wheelOn(clock);
    const expired: string[] = [];
    const suspended = deadline(() => expired.push('suspended'));
    const rearmed = deadline(() => expired.push('rearmed'));
    const first = deadline(() => {
      wheel.suspend(suspended);
      wheel.suspend(rearmed);
      wheel.arm(rearmed, 3_000);
    });
    for (const item of [first, suspended, rearmed]) wheel.arm(item, 500);
    clock.advance(2_000);
    expect([expired, wheel.size]).toEqual([[], 1]);
    clock.advance(10_000);
    expect([expired, wheel.size]).toEqual([['rearmed'], 0]);
  });

  it('catches up when its turns came late', () => {
    const clock = new ManualClock();
    const wheel = new DeadlineWheel(() => clock.uptime());
    const expired: number[] = [];
    for (let s = 1; s <= 900; s++)
      wheel.arm(
        deadline(() => expired.push(s)),
        s * 1000,
      );
    clock.advance(2_000_000);
    wheel.turn();
    expect(expired).toHaveLength(900);
  });

  it('tells when a turn will find something: what is due, or what was put off or suspended and lies in the way', () => {
    const clock = new ManualClock();
    const wheel = wheelOn(clock);
    expect(wheel.nextTurnAt).toBe(Number.POSITIVE_INFINITY);
    const [near, far] = [deadline(() => {}), deadline(() => {})];
    wheel.arm(far, 1_000_000);
    expect(wheel.nextTurnAt).toBe(1_001_000);
    wheel.arm(near, 2_500);
    expect(wheel.nextTurnAt).toBe(3_000);
    wheel.arm(near, 9_000);
    expect(wheel.nextTurnAt).toBe(3_000);
    clock.advance(3_000);
    expect(wheel.nextTurnAt).toBe(10_000);
    wheel.disarm(near);
    expect(wheel.nextTurnAt).toBe(1_001_000);
  });

  it('expires at its time what lies several turns of the wheel ahead', () => {
    const clock = new ManualClock();
    const wheel = wheelOn(clock);
    const expired: number[] = [];
    for (const at of [100_000, 612_000, 1_124_000])
      wheel.arm(
        deadline(() => expired.push(clock.uptime() - at)),
        at,
      );
    clock.advance(2_000_000);
    expect(expired.every((late) => late >= 0 && late <= 1_000)).toBe(true);
    expect(expired).toHaveLength(3);
  });

  it('can be armed again from its own expiry', () => {
    const clock = new ManualClock();
    const wheel = wheelOn(clock);
    let times = 0;
    const item = deadline(() => {
      times++;
      if (times < 3) wheel.arm(item, 1000);
    });
    wheel.arm(item, 1000);
    clock.advance(20_000);
    expect(times).toBe(3);
  });
});

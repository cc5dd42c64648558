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

import { describe, expect, it } from '@jest/globals';
import { HubError } from '../../src/channels/hub-error.js';
import { patienceMs } from '../../src/devices/contact-gap.js';
import { Fleet, type PresenceChange } from '../../src/devices/fleet.js';
import { ManualClock } from '../support/manual-clock.js';

function fleetOn(clock: ManualClock, maxDevices = 1_000): { fleet: Fleet; told: string[] } {
  const fleet = new Fleet(clock, { maxDevices });
  const told: string[] = [];
  fleet.onChange = ({ device, was }: PresenceChange) =>
    told.push(`${device.id}: ${was.state} to ${device.presence.state}`);
  return { fleet, told };
}

const MINUTE = 60_000;

describe('A fleet', () => {
  it('tells when a device comes, is late, is gone and comes back, and not that it breathes', () => {
    const clock = new ManualClock();
    const { fleet, told } = fleetOn(clock);
    const fan = fleet.add('fan');
    for (let i = 0; i < 10; i++) {
      fan.pollOpened();
      clock.advance(1_000);
      fan.pollEnded(200);
    }
    expect(told).toEqual(['fan: offline to listening']);
    clock.advance(12_000);
    expect(told.slice(1)).toEqual(['fan: expected to late']);
    clock.advance(31_000);
    expect(told.slice(2)).toEqual(['fan: late to offline']);
    fan.contacted();
    expect(told.slice(3)).toEqual(['fan: offline to expected']);
  });

  it('waits for ever while a poll is open, whatever the clock is set to', () => {
    const clock = new ManualClock();
    const { fleet } = fleetOn(clock);
    const fan = fleet.add('fan');
    fan.pollOpened();
    clock.advance(1_000 * MINUTE);
    clock.setWall(0);
    clock.advance(1_000 * MINUTE);
    expect(fan.presence.state).toBe('listening');
  });

  it.each([
    ['back', -86_400_000],
    ['forth', 86_400_000],
  ])('counts silence in time that passed when the clock is set %s', (_, byMs) => {
    const clock = new ManualClock();
    const { fleet } = fleetOn(clock);
    const fan = fleet.add('fan');
    fan.contacted();
    clock.setWall(clock.now() + byMs);
    clock.advance(MINUTE - 2_000);
    expect(fan.presence.state).toBe('expected');
    expect(fan.nextContactBy).toBe(clock.now() + 2_000);
    clock.advance(4_000);
    expect(fan.presence.state).toBe('late');
    expect(fan.nextContactBy).toBeUndefined();
  });

  it('can say of a listening device that a command arrives now', () => {
    const clock = new ManualClock();
    const fan = fleetOn(clock).fleet.add('fan');
    expect(fan.nextContactBy).toBeUndefined();
    fan.pollOpened();
    expect(fan.nextContactBy).toBe(clock.now());
  });

  it('expects everybody after a restart, and tells within two minutes who did not come back', () => {
    const clock = new ManualClock();
    const { fleet, told } = fleetOn(clock);
    const ids = Array.from({ length: 100 }, (_, i) => `d${i}`);
    for (const id of ids) fleet.restore(id, { isOffline: false });
    expect(fleet.presences).toEqual({ listening: 0, expected: 100, late: 0, offline: 0 });
    clock.advance(MINUTE - 1_000);
    expect(told).toEqual([]);
    fleet.find('d7')?.pollOpened();
    expect(told).toEqual([]);
    clock.advance(30_000);
    expect(told.length).toBeGreaterThan(25);
    expect(told.length).toBeLessThan(75);
    clock.advance(35_000);
    const late = told.filter((change) => change.endsWith(': expected to late'));
    expect(late).toHaveLength(99);
    expect(late).not.toContain('d7: expected to late');
  });

  it('leaves those offline after a restart that were so before', () => {
    const clock = new ManualClock();
    const { fleet, told } = fleetOn(clock);
    const fan = fleet.restore('fan', { isOffline: true, lastContactAt: 5 });
    clock.advance(10 * MINUTE);
    expect([fan.presence.state, fan.lastContactAt, told]).toEqual(['offline', 5, []]);
  });

  it('has the patience written down when it doubled or halved, and not at each contact', () => {
    const clock = new ManualClock();
    const { fleet } = fleetOn(clock);
    const written: number[] = [];
    fleet.onPatience = (device) => {
      device.recordedPatienceMs = patienceMs(device.presence.gap);
      written.push(device.recordedPatienceMs);
    };
    const fan = fleet.add('fan');
    for (let i = 0; i < 100; i++) {
      fan.pollOpened();
      fan.pollEnded(200);
      clock.advance(i < 50 ? 20 : 30_000);
    }
    expect(written[0]).toBe(10_000);
    expect(written.at(-1)).toBeGreaterThan(30_000);
    expect(written.length).toBeLessThan(6);
  });

  it('has one deadline for each device that is silent, and none for those who listen or are gone', () => {
    const clock = new ManualClock();
    const { fleet } = fleetOn(clock);
    const [a, b, c] = ['a', 'b', 'c'].map((id) => fleet.add(id));
    a?.pollOpened();
    b?.contacted();
    c?.contacted();
    expect(fleet.deadlines).toBe(2);
    clock.advance(10 * MINUTE);
    expect(fleet.deadlines).toBe(0);
    expect(fleet.presences).toEqual({ listening: 1, expected: 0, late: 0, offline: 2 });
  });

  it('forgets a device at once: its open poll and its deadline change nothing any more', () => {
    const clock = new ManualClock();
    const { fleet, told } = fleetOn(clock);
    const fan = fleet.add('fan');
    fan.pollOpened();
    fleet.remove(fan);
    fan.pollEnded(410);
    fleet.remove(fan);
    clock.advance(10 * MINUTE);
    expect(told).toEqual(['fan: offline to listening']);
    expect([fleet.size, fleet.deadlines, fleet.find('fan')]).toEqual([0, 0, undefined]);
    expect(fleet.presences).toEqual({ listening: 0, expected: 0, late: 0, offline: 0 });
  });

  it('takes no more devices than it may have', () => {
    const { fleet } = fleetOn(new ManualClock(), 2);
    fleet.add('a');
    fleet.add('b');
    expect(() => fleet.add('c')).toThrow(HubError);
    expect(() => fleet.add('c')).toThrow(
      /has 2 devices, as many as devices\.max_devices allows; "c" was not registered/,
    );
  });
});

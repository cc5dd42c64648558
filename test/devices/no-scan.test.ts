import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Fleet } from '../../src/devices/fleet.js';
import { TrackedDevice } from '../../src/devices/tracked-device.js';
import { ManualClock } from '../support/manual-clock.js';

const DEVICES = 100_000;
const MINUTE = 60_000;

describe('A fleet of 100,000 devices', () => {
  let clock: ManualClock;
  let fleet: Fleet;
  let devices: readonly TrackedDevice[];
  let expired: ReturnType<typeof jest.spyOn>;

  beforeEach(() => {
    clock = new ManualClock();
    fleet = new Fleet(clock, { maxDevices: DEVICES });
    devices = Array.from({ length: DEVICES }, (_, i) => fleet.add(`fan-${i}`));
    for (const device of devices) device.pollOpened();
    expired = jest.spyOn(TrackedDevice.prototype, 'expire');
  });

  afterEach(() => {
    expired.mockRestore();
    fleet.close();
  });

  /** Counts how often the presence of any of these devices is looked at from now on. */
  function looksAt(watched: readonly TrackedDevice[]): () => number {
    let looks = 0;
    for (const device of watched) {
      let { presence } = device;
      Object.defineProperty(device, 'presence', {
        get: () => {
          looks++;
          return presence;
        },
        set: (next) => {
          presence = next;
        },
      });
    }
    return () => looks;
  }

  it('is not looked at while time passes and all of it listens', () => {
    const looks = looksAt(devices);
    clock.advance(10 * MINUTE);
    expect(fleet.presences).toMatchObject({ listening: DEVICES });
    expect([looks(), expired.mock.calls.length]).toEqual([0, 0]);
  });

  it('has those looked at that fall silent, once a step, and no other', () => {
    const silent = devices.slice(500, 510);
    for (const device of silent) device.pollEnded(200);
    const looks = looksAt(devices.filter((device) => !silent.includes(device)));
    clock.advance(10 * MINUTE);
    expect(fleet.presences).toEqual({ listening: DEVICES - 10, expected: 0, late: 0, offline: 10 });
    expect([looks(), expired.mock.calls.length]).toEqual([0, 2 * silent.length]);
  });
});

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type TestHub, testHub } from 'signalbox/testing';
import PresenceAlarmModule from '../index.js';

describe('The presence alarm', () => {
  let hub: TestHub;

  beforeEach(async () => {
    hub = await testHub(PresenceAlarmModule, { config: { minutes: 5 } });
  });

  afterEach(() => hub.close());

  const alarms = () => hub.messages('alarms/presence').map(({ data }) => data as { device: string; alarm: string });
  const told = () => alarms().map(({ device, alarm }) => `${device} ${alarm}`);
  /** A device that was there, and has been silent for so long that it counts as offline. */
  async function goOffline(id: string) {
    const device = hub.device(id);
    await hub.settle();
    device.offline();
    await hub.advance('2m');
    return device;
  }

  it('is raised once when a device has been offline for its minutes', async () => {
    await goOffline('fan-1');
    await hub.advance('4m');
    expect(told()).toEqual([]);
    await hub.advance('2m');
    expect(told()).toEqual(['fan-1 offline']);
    await hub.advance('20m');
    expect(told()).toEqual(['fan-1 offline']);
  });

  it('is cleared when the device is back, and raised again when it goes again', async () => {
    const fan = await goOffline('fan-1');
    await hub.advance('6m');
    fan.online();
    await hub.settle();
    expect(told()).toEqual(['fan-1 offline', 'fan-1 cleared']);
    const [raised, cleared] = alarms();
    expect(cleared).toEqual({ ...raised, alarm: 'cleared', clearedAt: expect.any(String) });
    // It is given more time than before, for it was away for long.
    await goOffline('fan-1');
    await hub.advance('30m');
    expect(told().slice(2)).toEqual(['fan-1 offline']);
  });

  it('is not raised for a device that comes back in time', async () => {
    const fan = await goOffline('fan-1');
    await hub.advance('3m');
    fan.online();
    await hub.advance('10m');
    expect(told()).toEqual([]);
    expect(await hub.timers()).toEqual([]);
  });

  it('counts on over a restart, and stays up over one', async () => {
    const fan = await goOffline('fan-1');
    await hub.advance('3m');
    await hub.restart({ downFor: '10s' });
    await hub.advance('3m');
    expect(told()).toEqual(['fan-1 offline']);
    await hub.restart({ downFor: '1m' });
    await hub.advance('10m');
    expect(told()).toEqual(['fan-1 offline']);
    fan.online();
    await hub.settle();
    expect(told()).toEqual(['fan-1 offline', 'fan-1 cleared']);
  });

  it('keeps devices apart', async () => {
    const fan = await goOffline('fan-1');
    await goOffline('fan-2');
    fan.online();
    await hub.advance('10m');
    expect(told()).toEqual(['fan-2 offline']);
  });

  it('refuses a time that is none', async () => {
    await expect(testHub(PresenceAlarmModule, { config: { minutes: 0 } })).rejects.toThrow(
      'A whole number of minutes from 1 to 10080 (a week) is allowed.',
    );
  });
});

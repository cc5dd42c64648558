import { afterEach, describe, expect, it } from '@jest/globals';
import { type TestHub, testHub } from 'signalbox/testing';
import ThermostatModule from '../index.js';

let hub: TestHub;
afterEach(() => hub?.close());

async function report(device: string, ...temperatures: number[]): Promise<void> {
  for (const celsius of temperatures) await hub.emit(`devices/${device}/events/temperature`, { celsius });
}

/** What fans were switched to, in its order: `fan-1 on`. */
function switched(): string[] {
  return hub.commands().map(({ device, name, params }) => {
    expect(name).toBe('fan.set');
    return `${device} ${(params as { on: boolean }).on ? 'on' : 'off'}`;
  });
}

describe('The thermostat', () => {
  it('switches the fan on above the limit and off two degrees below it, each once', async () => {
    hub = await testHub(ThermostatModule);
    await report('a', 31.5, 32, 33, 27, 26, 40);
    expect(switched()).toEqual(['a on', 'a off', 'a on']);
  });

  it('leaves the fan as it is from two degrees below the limit to the limit itself', async () => {
    hub = await testHub(ThermostatModule);
    await report('a', 30, 28, 29, 30.01, 30, 28, 27.99);
    expect(switched()).toEqual(['a on', 'a off']);
  });

  it('tells a device that is cool at first to switch its fan off, for it may be on', async () => {
    hub = await testHub(ThermostatModule);
    await report('a', 20, 19, 29);
    expect(switched()).toEqual(['a off']);
    expect(hub.plugin().status().counters).toMatchObject({ turns: 3, skipped: 2 });
  });

  it('keeps devices apart, and takes the limit from its settings', async () => {
    hub = await testHub(ThermostatModule, { config: { limit: -10 } });
    await report('a', -9);
    await report('b', -13);
    await report('a', -8);
    expect(switched()).toEqual(['a on', 'b off']);
  });

  it('refuses a limit that is none, and a temperature', async () => {
    await expect(testHub(ThermostatModule, { config: { limit: 'warm' } })).rejects.toThrow(
      'A number of degrees Celsius from -200 to 1000 is allowed.',
    );
    hub = await testHub(ThermostatModule);
    await expect(hub.emit('devices/a/events/temperature', { fahrenheit: 88 })).rejects.toThrow(
      'celsius must be a number',
    );
    expect(switched()).toEqual([]);
  });

  it('does on a recorded afternoon what it has always done', async () => {
    hub = await testHub(ThermostatModule);
    await hub.replay(new URL('./fixtures/afternoon.ndjson', import.meta.url)).expectGolden();
  });

  it('remembers over a crash what it told a fan, which gets it when it is back', async () => {
    hub = await testHub(ThermostatModule);
    const fan = hub.device('a').offline();
    await report('a', 40);
    await hub.restart({ downFor: '10m' });
    await report('a', 41, 20);
    expect(switched()).toEqual(['a on', 'a off']);
    fan.online();
    await hub.settle();
    expect(fan.commands().map(({ params }) => params)).toEqual([{ on: true }, { on: false }]);
  });
});

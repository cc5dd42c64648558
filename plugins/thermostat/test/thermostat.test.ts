import { describe, expect, it } from '@jest/globals';
import type { DeviceEvent, Turn } from 'signalbox/plugin';
import { type Temperature, Thermostat } from '../thermostat.js';
import { ThermostatConfig } from '../thermostat-config.js';

/** Reports temperatures to a thermostat and notes what it switches: `fan-1 on`. */
function room(limit?: number) {
  const config = Object.assign(new ThermostatConfig(), limit === undefined ? {} : { limit });
  let thermostat = new Thermostat(config);
  const kept = new Map<string, unknown>();
  const switched: string[] = [];
  const skipped: string[] = [];
  const turn = {
    command: (device: string, name: string, { on }: { on: boolean }) =>
      switched.push(`${device} ${name} ${on ? 'on' : 'off'}`),
    skip: (reason: string) => skipped.push(reason),
    state: {
      for: (device: string) => ({
        get: async (name: string) => kept.get(`${device} ${name}`),
        set: (name: string, value: unknown) => kept.set(`${device} ${name}`, value),
      }),
    },
  } as unknown as Turn;
  const report = async (device: string, ...temperatures: number[]) => {
    for (const celsius of temperatures) {
      await thermostat.regulate({ device, data: { celsius } } as DeviceEvent<Temperature>, turn);
    }
  };
  const restart = () => {
    thermostat = new Thermostat(config);
  };
  return { report, restart, switched, skipped };
}

describe('The thermostat', () => {
  it('switches the fan on above the limit and off two degrees below it, each once', async () => {
    const { report, switched } = room();
    await report('a', 31.5, 32, 33, 27, 26, 40);
    expect(switched).toEqual(['a fan.set on', 'a fan.set off', 'a fan.set on']);
  });

  it('leaves the fan as it is from two degrees below the limit to the limit itself', async () => {
    const { report, switched } = room();
    await report('a', 30, 28, 29, 30.01, 30, 28, 27.99);
    expect(switched).toEqual(['a fan.set on', 'a fan.set off']);
  });

  it('tells a device that is cool at first to switch its fan off, for it may be on', async () => {
    const { report, switched, skipped } = room();
    await report('a', 20, 19, 29);
    expect(switched).toEqual(['a fan.set off']);
    expect(skipped).toEqual(['the fan was told already', 'between the limits: the fan stays as it is']);
  });

  it('keeps devices apart, and takes the limit from its settings', async () => {
    const { report, switched } = room(-10);
    await report('a', -9);
    await report('b', -13);
    await report('a', -8);
    expect(switched).toEqual(['a fan.set on', 'b fan.set off']);
  });

  it('remembers over a restart what it told a fan', async () => {
    const { report, restart, switched } = room();
    await report('a', 40);
    restart();
    await report('a', 41, 20);
    expect(switched).toEqual(['a fan.set on', 'a fan.set off']);
  });
});

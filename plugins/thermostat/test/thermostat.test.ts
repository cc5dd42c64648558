import { describe, expect, it } from '@jest/globals';
import type { DeviceEvent, Turn } from 'signalbox/plugin';
import { type Temperature, Thermostat } from '../thermostat.js';
import { ThermostatConfig } from '../thermostat-config.js';

/** Reports temperatures to a thermostat and notes what it switches: `fan-1 on`. */
function room(limit?: number) {
  const thermostat = new Thermostat(Object.assign(new ThermostatConfig(), limit === undefined ? {} : { limit }));
  const switched: string[] = [];
  const turn = {
    command: (device: string, name: string, { on }: { on: boolean }) =>
      switched.push(`${device} ${name} ${on ? 'on' : 'off'}`),
  } as unknown as Turn;
  const report = (device: string, ...temperatures: number[]) => {
    for (const celsius of temperatures) {
      thermostat.regulate({ device, data: { celsius } } as DeviceEvent<Temperature>, turn);
    }
  };
  return { report, switched };
}

describe('The thermostat', () => {
  it('switches the fan on above the limit and off two degrees below it, each once', () => {
    const { report, switched } = room();
    report('a', 31.5, 32, 33, 27, 26, 40);
    expect(switched).toEqual(['a fan.set on', 'a fan.set off', 'a fan.set on']);
  });

  it('leaves the fan as it is from two degrees below the limit to the limit itself', () => {
    const { report, switched } = room();
    report('a', 30, 28, 29, 30.01, 30, 28, 27.99);
    expect(switched).toEqual(['a fan.set on', 'a fan.set off']);
  });

  it('tells a device that is cool at first to switch its fan off, for it may be on', () => {
    const { report, switched } = room();
    report('a', 20, 19);
    expect(switched).toEqual(['a fan.set off']);
  });

  it('keeps devices apart, and takes the limit from its settings', () => {
    const { report, switched } = room(-10);
    report('a', -9);
    report('b', -13);
    report('a', -8);
    expect(switched).toEqual(['a fan.set on', 'b fan.set off']);
  });
});

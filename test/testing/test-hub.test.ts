import { afterEach, describe, expect, it } from '@jest/globals';
import ThermostatModule from '../../plugins/thermostat/index.js';
import { type TestHub, testHub } from '../../src/testing/index.js';

let hub: TestHub;
afterEach(() => hub.close());

describe('A hub for tests', () => {
  it('runs a plugin as the hub does, and a device that the test plays', async () => {
    hub = await testHub(ThermostatModule, { config: { limit: 30 } });
    const fan = hub.device('fan-1').answer('fan.set', () => ({ status: 200 }));
    await hub.emit('devices/fan-1/events/temperature', { celsius: 31 });
    expect(fan.commands()).toMatchObject([{ name: 'fan.set', params: { on: true } }]);
    expect(hub.outcomes('fan-1')).toMatchObject([{ name: 'fan.set', state: 'SUCCEEDED', evidence: 'result' }]);
    await hub.restart();
    await hub.advance('15m');
    await fan.emit('temperature', { celsius: 31 });
    await fan.emit('temperature', { celsius: 20 });
    expect(fan.commands()).toMatchObject([{ params: { on: true } }, { params: { on: false } }]);
    expect(await hub.state('fan-1')).toEqual({ on: false });
  });
});

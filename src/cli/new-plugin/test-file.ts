import type { PluginNames } from './names.js';

/** Its tests, for the runner that comes with Node. */
export function testFile({ classes }: PluginNames): string {
  return `import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { type FakeDevice, type TestHub, testHub } from 'signalbox/testing';
import ${classes}Module from '../src/index.js';

let hub: TestHub;
let fan: FakeDevice;

beforeEach(async () => {
  hub = await testHub(${classes}Module, { config: { limit: 30 } });
  fan = hub.device('fan-1').answer('fan.set', () => ({ status: 200 }));
});

afterEach(() => hub?.close());

const switched = () => fan.commands().map(({ params }) => params);

test('switches the fan on when it is too warm, once', async () => {
  await fan.emit('temperature', { celsius: 30 });
  assert.deepEqual(switched(), []);
  await fan.emit('temperature', { celsius: 31 });
  await fan.emit('temperature', { celsius: 32 });
  assert.deepEqual(switched(), [{ on: true }]);
});

test('switches it off a quarter of an hour after it was too warm for the last time', async () => {
  await fan.emit('temperature', { celsius: 31 });
  await hub.advance('10m');
  await fan.emit('temperature', { celsius: 31 });
  await hub.advance('14m');
  assert.deepEqual(switched(), [{ on: true }]);
  await hub.advance('1m 1s');
  assert.deepEqual(switched(), [{ on: true }, { on: false }]);
});

test('loses nothing when the hub crashes meanwhile, or the device is away', async () => {
  await fan.emit('temperature', { celsius: 31 });
  fan.offline();
  await hub.restart({ downFor: '1h' });
  fan.online();
  await hub.advance('1s');
  assert.deepEqual(switched(), [{ on: true }, { on: false }]);
  assert.deepEqual(await hub.state('fan-1'), {});
});

test('does not take a temperature that is none', async () => {
  await assert.rejects(fan.emit('temperature', { celsius: 'warm' }), /celsius must be a number/);
});
`;
}

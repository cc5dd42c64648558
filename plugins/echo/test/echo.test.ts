import { expect, it } from '@jest/globals';
import { testHub } from 'signalbox/testing';
import Echo from '../index.js';

it('tells a device what it said', async () => {
  await using hub = await testHub(Echo);
  const device = hub.device('fan-1');
  await device.emit('echo', { hello: 1 });
  expect(device.commands()).toMatchObject([{ name: 'echo', params: { hello: 1 } }]);
});

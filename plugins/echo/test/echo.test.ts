import { expect, it } from '@jest/globals';
import type { DeviceEvent, Turn } from 'signalbox/plugin';
import Echo from '../index.js';

it('tells a device what it said', () => {
  const commands: unknown[] = [];
  const turn = { command: (...command: unknown[]) => commands.push(command) } as unknown as Turn;
  new Echo().answer({ device: 'fan-1', data: { hello: 1 } } as DeviceEvent<unknown>, turn);
  expect(commands).toEqual([['fan-1', 'echo', { hello: 1 }]]);
});

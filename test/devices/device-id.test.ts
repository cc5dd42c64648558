import { describe, expect, it } from '@jest/globals';
import { eventChannel, eventSourceOf } from '../../src/devices/device-id.js';

describe('The source of an event', () => {
  it('is the device and the type that its channel was named by', () => {
    expect(eventSourceOf(eventChannel('fan-7', 'temperature'))).toEqual({ device: 'fan-7', type: 'temperature' });
    expect(eventSourceOf(eventChannel('a:b.c', '$presence'))).toEqual({ device: 'a:b.c', type: '$presence' });
  });

  it.each([
    'news',
    'devices/a/commands',
    'devices//events/x',
    'devices/a b/events/x',
    'devices/a/events/x/y',
    'xdevices/a/events/x',
  ])('is not there for the channel %s', (channel) => {
    expect(eventSourceOf(channel)).toBeUndefined();
  });
});

import { describe, expect, it } from '@jest/globals';
import { deviceRoute } from '../../src/gateway/device-route.js';

describe('A path of the device API', () => {
  it.each([
    ['events/heat', { kind: 'event', type: 'heat' }],
    ['commands', { kind: 'commands' }],
    ['commands/next', { kind: 'next-commands' }],
    ['commands/01J', { kind: 'command', id: '01J' }],
    ['commands/01J/history', { kind: 'history', id: '01J' }],
    ['commands/01J/redrive', { kind: 'redrive', id: '01J' }],
    ['commands/01J/k3/complete', { kind: 'report', id: '01J', lock: 'k3', verb: 'complete' }],
    ['commands/01J/k3/reject', { kind: 'report', id: '01J', lock: 'k3', verb: 'reject' }],
  ])('%s leads to %j', (path, route) => {
    expect(deviceRoute(`/v1/devices/fan/${path}`)).toEqual({ device: 'fan', ...route });
  });

  it.each([
    '',
    'desired/else',
    'events/a/b',
    'queue',
    'commands/01J/k3',
    'commands/01J/k3/lose',
    'commands/01J/k3/complete/x',
  ])('%j leads nowhere', (path) => {
    expect(deviceRoute(`/v1/devices/fan/${path}`)).toBeUndefined();
  });
});

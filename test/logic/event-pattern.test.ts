import { describe, expect, it } from '@jest/globals';
import { eventPatternFault } from '../../src/logic/loading/event-pattern.js';

describe('A pattern of a handler', () => {
  it.each([
    'devices/+/events/temperature',
    'devices/fan-7/events/+',
    'devices/#',
    '#',
    '+/+/+/+',
    'devices/a/events/x/#',
  ])('may be %s', (pattern) => {
    expect(eventPatternFault(pattern)).toBeUndefined();
  });

  it.each([
    ['orders/+/events/x', /matches no event of a device; write it as "devices\/\+\/events\/temperature"/],
    ['devices/+/commands/x', /matches no event/],
    ['devices/+', /matches no event/],
    ['devices/+/events/x/y', /matches no event/],
    ['devices/+/events/a/b/#', /matches no event/],
    ['', /must not be empty/],
    ['devices/#/events', /must be the last segment/],
    ['devices/fan+/events/x', /mixes a wildcard/],
    [5, /A pattern is a text, as in/],
  ])('must not be %s', (pattern, sentence) => {
    expect(eventPatternFault(pattern)).toMatch(sentence);
  });
});

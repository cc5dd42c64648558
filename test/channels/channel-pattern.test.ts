import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { channelPattern } from '../../src/channels/channel-pattern.js';

describe('A channel pattern', () => {
  it.each([
    ['devices/d1/commands', 'devices/d1/commands', true],
    ['devices/d1/commands', 'devices/d1/commands/x', false],
    ['devices/+/events/temperature', 'devices/d1/events/temperature', true],
    ['devices/+/events/temperature', 'devices//events/temperature', true],
    ['devices/+/events/temperature', 'devices/d1/x/events/temperature', false],
    ['devices/+/events/+', 'devices/d1/events', false],
    ['devices/#', 'devices/d1/events/x', true],
    ['devices/#', 'devices', true],
    ['devices/#', 'devices/', true],
    ['devices/#', 'device', false],
    ['#', '', true],
    ['#', 'a/b/c', true],
    ['+', 'a', true],
    ['+', '', true],
    ['+', 'a/b', false],
    ['a.c', 'abc', false],
    ['a', 'A', false],
  ])('%s matches %s: %s', (pattern, id, doesMatch) => {
    expect(channelPattern(pattern).matches(id)).toBe(doesMatch);
  });

  it.each([
    ['', 'must not be empty; "#" matches every channel.'],
    ['a/b+/c', 'In the pattern "a/b+/c" the segment "b+" mixes a wildcard with letters.'],
    ['#x', 'the segment "#x" mixes a wildcard with letters.'],
    ['++', 'the segment "++" mixes a wildcard with letters.'],
    ['a/#/b', 'In the pattern "a/#/b" the "#" must be the last segment.'],
  ])('refuses %j with the fault', (pattern, fault) => {
    expect(() => channelPattern(pattern)).toThrow(RangeError);
    expect(() => channelPattern(pattern)).toThrow(fault);
  });

  it('matches as its translation to a regular expression does', () => {
    const segment = fc.constantFrom('a', 'b', '+', '');
    const pattern = fc
      .tuple(fc.array(segment, { minLength: 1, maxLength: 4 }), fc.boolean())
      .map(([segments, hasRest]) => [...segments, ...(hasRest ? ['#'] : [])].join('/'))
      .filter((text) => text !== '');
    const id = fc.array(fc.constantFrom('a', 'b', 'c', ''), { minLength: 1, maxLength: 5 }).map((s) => s.join('/'));
    fc.assert(
      fc.property(pattern, id, (pattern, id) => {
        expect(channelPattern(pattern).matches(id)).toBe(asExpression(pattern).test(id));
      }),
      { numRuns: 1_000 },
    );
  });
});

/** The naive model. */
function asExpression(pattern: string): RegExp {
  const segments = pattern.replace(/\/?#$/, '').split('/');
  const head = segments.map((segment) => (segment === '+' ? '[^/]*' : segment)).join('/');
  return new RegExp(pattern.endsWith('#') ? `^${head}(/.*)?$` : `^${head}$`);
}

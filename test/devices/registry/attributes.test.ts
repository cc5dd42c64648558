import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { deviceOfKey, indexChanges, indexRange, matchesQuery } from '../../../src/devices/registry/attribute-index.js';
import { checkAttributes } from '../../../src/devices/registry/attributes.js';

describe('Attributes', () => {
  it('are a JSON object', () => {
    const attributes = { site: 'north', floor: 3, on: true, where: { lat: 1 }, 'a.b-c_d': null };
    expect(checkAttributes(attributes)).toBe(attributes);
  });

  it.each([
    [[], 'must be a JSON object'],
    [null, 'must be a JSON object'],
    ['x', 'must be a JSON object'],
    [{ 'a b': 1 }, '"a b" is not the name of an attribute'],
    [{ '': 1 }, '"" is not the name of an attribute'],
    [{ ['x'.repeat(65)]: 1 }, 'it must be 1 to 64'],
    [Object.fromEntries(Array.from({ length: 65 }, (_, i) => [`a${i}`, 1])), 'has 65 members; 64 are allowed'],
    [{ a: 'ä'.repeat(8_192) }, 'has 16392 bytes as JSON; 16384 are allowed'],
  ])('refuses %j', (value, sentence) => {
    expect(() => checkAttributes(value)).toThrow(sentence);
  });
});

describe('The index of attributes', () => {
  it('changes by what became different only', () => {
    expect(indexChanges('fan', { a: 1, b: 2, c: { d: 1 } }, { a: 1, b: 3 })).toEqual([
      { table: 'device-attributes', key: 'b=2/fan', value: undefined },
      { table: 'device-attributes', key: 'b=3/fan', value: '' },
    ]);
  });

  it('leads to every device that a query means, whatever the value', () => {
    const text = fc.oneof(fc.string(), fc.string({ unit: 'binary', maxLength: 300 }), fc.constant('a/b=c%\u0000'));
    fc.assert(
      fc.property(text, fc.nat(20), fc.boolean(), (value, length, isPrefix) => {
        const query = { name: 'a', value: isPrefix ? [...value].slice(0, length).join('') : value, isPrefix };
        const [{ key = '' } = {}] = indexChanges('fan', {}, { a: value });
        const { from, before } = indexRange(query);
        expect(matchesQuery({ a: value }, query)).toBe(true);
        expect(from <= key && key < before).toBe(true);
        expect(deviceOfKey(key)).toBe('fan');
        expect(Buffer.byteLength(key)).toBeLessThanOrEqual(1_024);
      }),
    );
  });

  it('keeps values apart that begin alike when equality is asked for', () => {
    const query = { name: 'site', value: 'north', isPrefix: false };
    expect(matchesQuery({ site: 'north-2' }, query)).toBe(false);
    expect(matchesQuery({ site: 'north-2' }, { ...query, isPrefix: true })).toBe(true);
    expect(matchesQuery({}, query)).toBe(false);
    expect(matchesQuery({ site: ['north'] }, query)).toBe(false);
    expect(matchesQuery({ toString: 1 }, { ...query, name: 'constructor' })).toBe(false);
  });
});

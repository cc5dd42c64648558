import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { formatSize, parseSize } from '../../../src/config/units/size.js';

describe('A size', () => {
  it.each([
    ['0', 0],
    [8192, 8192],
    ['8192', 8192],
    ['512k', 524_288],
    ['512K', 524_288],
    ['32M', 33_554_432],
    ['32m', 33_554_432],
    ['1g', 1_073_741_824],
    ['8388607G', 8_388_607 * 2 ** 30],
  ])('%j is %d bytes', (written, bytes) => {
    expect(parseSize(written)).toBe(bytes);
  });

  it.each(['', 'k', '1.5M', '-1', '1 k', '1kb', '8 kilo', '1t', '0x10', '9007199254740992', '8388608G', 1.5, -1])(
    '%j is none',
    (written) => {
      expect(parseSize(written)).toBeUndefined();
    },
  );

  it.each([true, null, undefined, [], {}, ['8k']])('%j is none', (written) => {
    expect(parseSize(written)).toBeUndefined();
  });

  it.each([
    [0, '0'],
    [1000, '1000'],
    [8192, '8k'],
    [33_554_432, '32M'],
    [2 ** 30, '1G'],
    [2 ** 20 + 1024, '1025k'],
  ])('%d bytes are told as %s', (bytes, text) => {
    expect(formatSize(bytes)).toBe(text);
  });

  it('is read back as it is told', () => {
    const bytes = fc.oneof(
      fc.maxSafeNat(),
      fc.tuple(fc.nat(8_000_000), fc.constantFrom(2 ** 10, 2 ** 20, 2 ** 30)).map(([count, factor]) => count * factor),
    );
    fc.assert(fc.property(bytes, (size) => expect(parseSize(formatSize(size))).toBe(size)));
  });
});

import { describe, expect, it } from '@jest/globals';
import { ConfigError, type Fault, formatFault } from '../../src/config/fault.js';

const fault: Fault = { file: 'hub.yaml', line: 3, key: 'limits.max_head_size', value: '8 kilo', allowed: 'A size.' };

describe('A fault', () => {
  it.each([
    [{}, 'hub.yaml:3: limits.max_head_size is "8 kilo". A size.'],
    [{ value: 5 }, 'hub.yaml:3: limits.max_head_size is 5. A size.'],
    [{ value: null }, 'hub.yaml:3: limits.max_head_size is empty. A size.'],
    [{ value: undefined }, 'hub.yaml:3: limits.max_head_size. A size.'],
    [{ value: { a: 1 } }, 'hub.yaml:3: limits.max_head_size is a mapping. A size.'],
    [{ value: [1] }, 'hub.yaml:3: limits.max_head_size is a list. A size.'],
    [{ value: 'a\nb\u0000' }, 'hub.yaml:3: limits.max_head_size is "a\\nb\\u0000". A size.'],
    [{ key: '', value: 'text' }, 'hub.yaml:3: The file is "text". A size.'],
    [{ key: '', value: undefined, line: undefined }, 'hub.yaml: A size.'],
  ])('with %j is one line', (changed, line) => {
    expect(formatFault({ ...fault, ...changed })).toBe(line);
  });

  it('shows the beginning of a long value', () => {
    const line = formatFault({ ...fault, value: 'x'.repeat(10_000) });
    expect(line).toContain(`is "${'x'.repeat(79)}….`);
    expect(line.length).toBeLessThan(150);
  });
});

describe('ConfigError', () => {
  it('tells every fault on a line of its own', () => {
    const error = new ConfigError([fault, { ...fault, line: 4 }]);
    expect(error.message.split('\n')).toEqual([
      'The configuration has 2 faults:',
      'hub.yaml:3: limits.max_head_size is "8 kilo". A size.',
      'hub.yaml:4: limits.max_head_size is "8 kilo". A size.',
    ]);
    expect(new ConfigError([fault]).message).toMatch(/^The configuration has 1 fault:/);
    expect(error.faults).toHaveLength(2);
  });
});

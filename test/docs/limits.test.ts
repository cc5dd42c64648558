import { describe, expect, it } from '@jest/globals';
import { LimitKeys } from '../../src/config/keys/limit-keys.js';
import { textOf } from './house-files.js';

describe('docs/limits.md', () => {
  it('tells what a client sees at each limit, and at no other', () => {
    const told = Array.from(textOf('docs/limits.md').matchAll(/^\| `(\w+)` \|/gm), ([, key]) => key);
    expect(told).toEqual(Object.keys(new LimitKeys()));
  });
});

import { describe, expect, it } from '@jest/globals';
import { houseFiles, textOf } from './house-files.js';

/** What only one machine knows, written so that this file does not have it: folders of a workshop are not the house's. */
const oneMachineOnly = ['/work', '.libra', 'bash_'].map((word, i) => word + ['/', 'ry', 'jobs'][i]);
const binary = /\.(png|jpe?g|gif|ico|gz|woff2?)$/;

describe('No file', () => {
  it.each(oneMachineOnly)('names %s', (word) => {
    const named = houseFiles().filter((path) => !binary.test(path) && textOf(path).includes(word));
    expect(named).toEqual([]);
  });
});

import { expect, it } from '@jest/globals';
import { Remembered } from '../../src/replay/remembered.js';

it('What is remembered are the newest things alone, and one that is told anew stays where it was', () => {
  const remembered = new Remembered<number>(2);
  remembered.set('a', 1);
  remembered.set('b', 2);
  remembered.set('a', 3);
  expect(['a', 'b'].map((name) => remembered.get(name))).toEqual([3, 2]);
  remembered.set('c', 4);
  expect(['a', 'b', 'c'].map((name) => remembered.get(name))).toEqual([undefined, 2, 4]);
});

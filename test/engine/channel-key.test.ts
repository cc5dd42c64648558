import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { channelKey, channelNameOf } from '../../src/engine/channel-key.js';

const name = fc.string().filter((text) => !text.includes('\0'));

describe('A channel key', () => {
  it('is the id alone without a group', () => {
    expect(channelKey('', 'grp/id')).toBe('grp/id');
  });

  it('gives group and id back, and is no other pair', () => {
    fc.assert(
      fc.property(name, name, name, name, (group, id, otherGroup, otherId) => {
        const key = channelKey(group, id);
        expect(channelNameOf(key)).toEqual({ group, id });
        expect(channelKey(otherGroup, otherId) === key).toBe(otherGroup === group && otherId === id);
      }),
    );
  });

  it('cannot be reached from another group by writing the group into the id', () => {
    expect(channelKey('grp', 'id')).not.toBe(channelKey('', 'grp/id'));
    expect(channelKey('a', 'b/c')).not.toBe(channelKey('a/b', 'c'));
  });
});

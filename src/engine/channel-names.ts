import { channelKey, channelNameOf } from './channel-key.js';
import type { ChannelKeyRange } from './message-log.js';
import { SortedTexts } from './sorted-texts.js';
import { compareUtf8 } from './utf8-order.js';

/**
 * Names of channels in order, by group and then by id, so that a page of them costs no more with a million channels than
 * with a thousand. Groups are few: they come from the configuration.
 */
export class ChannelNames {
  private readonly byGroup = new Map<string, SortedTexts>();

  add(key: string): void {
    const { group, id } = channelNameOf(key);
    let ids = this.byGroup.get(group);
    if (!ids) {
      ids = new SortedTexts();
      this.byGroup.set(group, ids);
    }
    ids.add(id);
  }

  delete(key: string): void {
    const { group, id } = channelNameOf(key);
    const ids = this.byGroup.get(group);
    ids?.delete(id);
    if (ids?.size === 0) this.byGroup.delete(group);
  }

  /** Groups that have a channel, in order; '' for those of none. */
  groups(): string[] {
    return [...this.byGroup.keys()].sort(compareUtf8);
  }

  /** Keys of up to `limit` channels of the range, in order. */
  keys({ group, prefix = '', after, limit }: ChannelKeyRange): string[] {
    const keys: string[] = [];
    const isBehind = after !== undefined && compareUtf8(after, prefix) > 0;
    for (const id of this.byGroup.get(group)?.from(isBehind ? after : prefix) ?? []) {
      if (keys.length >= limit || !id.startsWith(prefix)) break;
      if (id !== after) keys.push(channelKey(group, id));
    }
    return keys;
  }
}

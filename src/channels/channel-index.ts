import { type ChannelName, channelNameOf } from './channel-key.js';
import { SortedTexts } from './sorted-texts.js';

/** Which channels a page begins with. */
export interface ChannelRange {
  /** only those of this group; '' for those of none; undefined: of every group */
  readonly group?: string | undefined;
  /** of the id */
  readonly prefix?: string | undefined;
  /** only those behind it; it need not exist any more */
  readonly after?: ChannelName | undefined;
}

/**
 * The names of all channels in order, by group and then by id, so that a page of them costs no more with a million
 * channels than with a thousand. Groups are few: they come from the configuration.
 */
export class ChannelIndex {
  private readonly groups = new Map<string, SortedTexts>();

  add(key: string): void {
    const { group, id } = channelNameOf(key);
    let ids = this.groups.get(group);
    if (!ids) {
      ids = new SortedTexts();
      this.groups.set(group, ids);
    }
    ids.add(id);
  }

  delete(key: string): void {
    const { group, id } = channelNameOf(key);
    const ids = this.groups.get(group);
    ids?.delete(id);
    if (ids?.size === 0) this.groups.delete(group);
  }

  /** Names of the range in order; no channel may come or go meanwhile. */
  *names({ group, prefix = '', after }: ChannelRange): Generator<ChannelName> {
    for (const [name, ids] of this.groupsFrom(group, after?.group ?? '')) {
      const behind = after?.group === name ? after.id : undefined;
      for (const id of ids.from(behind !== undefined && behind > prefix ? behind : prefix)) {
        if (id === behind) continue;
        if (!id.startsWith(prefix)) break;
        yield { group: name, id };
      }
    }
  }

  private groupsFrom(only: string | undefined, first: string): [string, SortedTexts][] {
    const groups = [...this.groups].filter(([name]) => name >= first && (only === undefined || name === only));
    return groups.sort(([a], [b]) => (a < b ? -1 : 1));
  }
}

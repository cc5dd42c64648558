import { channelOfEntry } from '../channel-index.js';
import { costOfStored } from '../disk-message.js';
import { TABLE_END } from '../lmdb-record-table.js';
import { channelOfKey } from '../message-key.js';
import type { Entry } from './tables.js';

/** A channel and what it holds. */
export interface ChannelContents {
  readonly channel: string;
  messages: number;
  /** what its messages are counted with against `limits.max_disk` */
  bytes: number;
}

/** Counts what a snapshot or a backup holds, entry by entry: its memory grows with the number of channels alone. */
export class Contents {
  messages = 0;
  bytes = 0;
  /** by table, in order */
  readonly records = new Map<string, number>();
  private readonly byNumber = new Map<number, ChannelContents>();

  readonly take = ({ table, key, value }: Entry): void => {
    if (table === 'channels') this.takeChannel(key, value);
    else if (table === 'records') this.takeRecord(key);
    else if (table === 'messages') this.takeMessage(channelOfKey(key), costOfStored(value));
  };

  get channels(): number {
    return this.byNumber.size;
  }

  /** Those that hold most bytes, the largest first. */
  largest(count: number): readonly ChannelContents[] {
    return [...this.byNumber.values()].sort((a, b) => b.bytes - a.bytes).slice(0, count);
  }

  private takeChannel(key: Buffer, value: Buffer): void {
    const { name, number } = channelOfEntry(key, value);
    this.byNumber.set(number, { channel: name, messages: 0, bytes: 0 });
  }

  private takeRecord(key: Buffer): void {
    const table = key.toString('latin1', 0, key.indexOf(TABLE_END));
    this.records.set(table, (this.records.get(table) ?? 0) + 1);
  }

  private takeMessage(number: number, cost: number): void {
    const channel = this.byNumber.get(number);
    // One that was removed, and whose messages go step by step.
    if (!channel) return;
    channel.messages++;
    channel.bytes += cost;
    this.messages++;
    this.bytes += cost;
  }
}

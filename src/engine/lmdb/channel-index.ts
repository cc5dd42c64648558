import { createHash } from 'node:crypto';
import { channelKey, channelNameOf, GROUP_END } from '../channel-key.js';
import type { ChannelKeyRange } from '../message-log.js';
import type { Batch } from './batch.js';
import type { Environment } from './environment.js';

/** What is on disk of a channel beside its messages. */
export interface ChannelRecord {
  readonly number: number;
  readonly notes: string | undefined;
}

/** lmdb takes keys of up to 1,978 bytes; a longer name is found by its beginning and its hash. */
const MAX_PLAIN_BYTES = 1_900;
const HASH_BYTES = 32;
/** A byte that UTF-8 never has: no name is taken for the beginning and the hash of another. */
const HASH_FOLLOWS = 0xff;
const BEGINNING_BYTES = MAX_PLAIN_BYTES - HASH_BYTES;

/** Behind every text in UTF-8. */
const BEHIND_UTF8 = Buffer.of(0xff);

const HAS_NOTES = 1;
const HEADER_BYTES = 11;

/**
 * Where a channel stands among the others: first those without a group behind a NUL, then each group behind the other, as
 * groups have no NUL. In UTF-8.
 */
export function indexKey(name: string): Buffer {
  const bytes = Buffer.from(name.includes(GROUP_END) ? name : GROUP_END + name);
  if (bytes.length <= MAX_PLAIN_BYTES) return bytes;
  const hash = createHash('sha256').update(bytes).digest();
  return Buffer.concat([bytes.subarray(0, BEGINNING_BYTES), Buffer.of(HASH_FOLLOWS), hash]);
}

/** Whether a name is so long that its place, or its place beside others of its beginning, is that of a hash. */
export function mayBeHashed(name: string): boolean {
  return Buffer.byteLength(name) >= BEGINNING_BYTES - 1;
}

/** A channel as its line on disk names it. */
export interface NumberedChannel {
  readonly name: string;
  readonly number: number;
}

/** Finds channels by name, on disk and as they will be once all that waits is committed. */
export class ChannelIndex {
  /** names whose removal waits for a commit, with the batch that brings it */
  private readonly removals = new Map<string, Batch>();

  constructor(private readonly env: Environment) {}

  find(name: string): ChannelRecord | undefined {
    if (this.removals.has(name)) return undefined;
    return this.env.reading(() => {
      const stored = this.env.channels.getBinary(indexKey(name));
      return stored && readRecord(stored);
    });
  }

  put(batch: Batch, name: string, record: ChannelRecord): void {
    const key = indexKey(name);
    const value = writeRecord(name, record);
    batch.write((env) => env.channels.put(key, value), key.length + value.length);
  }

  /** Hands in that a name goes. Its messages stay under the channel's number, which is noted among the removed. */
  remove(batch: Batch, name: string, number: number): void {
    const key = indexKey(name);
    const removed = removedKey(number);
    this.removals.set(name, batch);
    batch.write((env) => {
      env.channels.remove(key);
      env.removed.put(removed, EMPTY);
    }, key.length);
  }

  /** Notes that a removal is committed, or taken back for one that comes again. */
  settleRemoval(batch: Batch, name: string): void {
    if (this.removals.get(name) === batch) this.removals.delete(name);
  }

  /** Names of a group on disk behind `after`, in order. */
  *names({ group, prefix = '', after }: Omit<ChannelKeyRange, 'limit'>): Generator<string> {
    const beginning = beginningOf(group + GROUP_END + prefix);
    const behind = after === undefined ? undefined : indexKey(channelKey(group, after));
    const start = behind && behind.compare(beginning) > 0 ? behind : beginning;
    for (const { name } of this.from(start, beginning)) {
      const { id } = channelNameOf(name);
      if (id !== after && id.startsWith(prefix)) yield name;
    }
  }

  /** Channels on disk of all groups, behind the one of this name, in order. */
  *behind(name: string | undefined): Generator<NumberedChannel> {
    const start = name === undefined ? Buffer.of(0) : indexKey(name);
    for (const channel of this.from(start, EMPTY)) if (channel.name !== name) yield channel;
  }

  /** Groups that have a channel on disk, '' for those of none. */
  groups(): string[] {
    const groups: string[] = [];
    for (let start: Buffer | undefined = Buffer.of(0); start; ) {
      const group = this.groupFrom(start);
      if (group !== undefined) groups.push(group);
      start = group === undefined ? undefined : Buffer.concat([Buffer.from(group + GROUP_END), BEHIND_UTF8]);
    }
    return groups;
  }

  private groupFrom(start: Buffer): string | undefined {
    for (const { name } of this.from(start, EMPTY)) return channelNameOf(name).group;
    return undefined;
  }

  private *from(start: Buffer, beginning: Buffer): Generator<NumberedChannel> {
    for (const { key, value } of this.env.range(this.env.channels, { start })) {
      if (!startsWith(key, beginning)) return;
      const name = nameIn(key, value);
      if (!this.removals.has(name)) yield { name, number: numberIn(value) };
    }
  }
}

const EMPTY = Buffer.alloc(0);

/** The channel that a line of the table of channels is about. */
export function channelOfEntry(key: Buffer, stored: Buffer): { readonly name: string; readonly number: number } {
  return { name: nameIn(key, stored), number: readRecord(stored).number };
}

export function removedKey(number: number): Buffer {
  const key = Buffer.alloc(6);
  key.writeUIntBE(number, 0, 6);
  return key;
}

/*
 * A channel on disk, numbers big-endian: flags (1: has notes); its number, 6 bytes; the length of its name in bytes when
 * the key does not hold it, else 0, 4 bytes; that name; the notes. Texts are UTF-8.
 */
function writeRecord(name: string, { number, notes }: ChannelRecord): Buffer {
  const isHashed = indexKey(name).includes(HASH_FOLLOWS);
  const nameBytes = isHashed ? Buffer.from(name) : EMPTY;
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUInt8(notes === undefined ? 0 : HAS_NOTES, 0);
  header.writeUIntBE(number, 1, 6);
  header.writeUInt32BE(nameBytes.length, 7);
  return Buffer.concat([header, nameBytes, Buffer.from(notes ?? '')]);
}

function readRecord(stored: Buffer): ChannelRecord {
  const notesAt = HEADER_BYTES + stored.readUInt32BE(7);
  return {
    number: numberIn(stored),
    notes: stored.readUInt8(0) & HAS_NOTES ? stored.toString('utf8', notesAt) : undefined,
  };
}

function numberIn(stored: Buffer): number {
  return stored.readUIntBE(1, 6);
}

function nameIn(key: Buffer, stored: Buffer): string {
  const length = stored.readUInt32BE(7);
  if (length > 0) return stored.toString('utf8', HEADER_BYTES, HEADER_BYTES + length);
  return key.toString('utf8', key[0] === 0 ? 1 : 0);
}

/** What the keys begin with of names that begin so. */
function beginningOf(text: string): Buffer {
  return Buffer.from(text).subarray(0, BEGINNING_BYTES);
}

function startsWith(key: Buffer, beginning: Buffer): boolean {
  return key.length >= beginning.length && key.compare(beginning, 0, beginning.length, 0, beginning.length) === 0;
}

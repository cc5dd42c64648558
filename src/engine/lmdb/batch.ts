import type { EngineError } from '../message-log.js';
import type { Position } from '../position.js';
import { type DiskMessage, storedBytes, writeMessage } from './disk-message.js';
import type { Environment } from './environment.js';

/** Messages are written into blocks of this size; a larger one gets a block of its own. */
const BLOCK_BYTES = 64 * 1024;
/** A batch with more than this is closed, so that no transaction outgrows what lmdb keeps in memory. */
const MAX_BATCH_BYTES = 32 * 1024 * 1024;
const MAX_BATCH_CHANGES = 20_000;
/** What a change costs beside the content, roughly: its key, and the page that it lies on. */
const CHANGE_BYTES = 200;

/** Somebody who waits for a batch. */
export interface Waiting {
  /** the batch is on disk */
  settle(): void;
  /** nothing of it is */
  fail(error: EngineError): void;
}

/** Whatever has changes in a batch, and can make good what a batch that failed did not do. */
export interface Participant {
  /** the last batch that it has changes in */
  lastBatch: Batch | undefined;
  /** All its batches failed: forgets what waits, and hands in again what was told to be true. */
  rollBack(): void;
}

/** The changes of one transaction, collected until it is written. */
export class Batch {
  isDone = false;
  bytes = 0;
  private changes = 0;
  readonly waiting: Waiting[] = [];
  readonly participants: Participant[] = [];
  private readonly writes: ((env: Environment) => void)[] = [];
  private readonly putChannels: number[] = [];
  private readonly puts: DiskMessage[] = [];
  private readonly putValues: Buffer[] = [];
  private readonly deletedChannels: number[] = [];
  private readonly deleted: Position[] = [];
  private block = Buffer.alloc(0);
  private blockUsed = 0;

  get isFull(): boolean {
    return this.changes >= MAX_BATCH_CHANGES || this.bytes >= MAX_BATCH_BYTES;
  }

  take(participant: Participant): void {
    if (participant.lastBatch === this) return;
    participant.lastBatch = this;
    this.participants.push(participant);
  }

  putMessage(channel: number, message: DiskMessage): void {
    const size = storedBytes(message);
    const target = this.reserve(size);
    writeMessage(target, message);
    this.putChannels.push(channel);
    this.puts.push(message);
    this.putValues.push(target);
    this.count(size);
  }

  deleteMessage(channel: number, position: Position): void {
    this.deletedChannels.push(channel);
    this.deleted.push(position);
    this.count(0);
  }

  /** Any other change; made after the messages, in the order of the calls. @param bytes of its content */
  write(change: (env: Environment) => void, bytes: number): void {
    this.writes.push(change);
    this.count(bytes);
  }

  /** Makes all changes; called within a transaction, and must not throw. */
  writeTo(env: Environment): void {
    // One key for all: lmdb writes it down before the call returns.
    const key = { channel: 0, position: 0 };
    for (let i = 0; i < this.puts.length; i++) {
      key.channel = this.putChannels[i] as number;
      key.position = (this.puts[i] as DiskMessage).position;
      env.messages.put(key, this.putValues[i] as Buffer);
    }
    // Behind the puts, for a message may come and go within one batch.
    for (let i = 0; i < this.deleted.length; i++) {
      key.channel = this.deletedChannels[i] as number;
      key.position = this.deleted[i] as Position;
      env.messages.remove(key);
    }
    for (const write of this.writes) write(env);
  }

  settle(): void {
    this.isDone = true;
    for (const message of this.puts) message.isSaved = true;
    for (const waiting of this.waiting) waiting.settle();
  }

  private count(bytes: number): void {
    this.changes++;
    this.bytes += bytes + CHANGE_BYTES;
  }

  private reserve(size: number): Buffer {
    if (size > BLOCK_BYTES / 4) return Buffer.allocUnsafeSlow(size);
    if (this.blockUsed + size > this.block.length) {
      this.block = Buffer.allocUnsafeSlow(BLOCK_BYTES);
      this.blockUsed = 0;
    }
    const start = this.blockUsed;
    this.blockUsed += size;
    return this.block.subarray(start, this.blockUsed);
  }
}

import { createHash } from 'node:crypto';
import { EngineError } from '../../message-log.js';
import { type Entry, TABLES } from './tables.js';

/*
 * A backup file, numbers big-endian:
 *   "signalbox backup 1\n"
 *   BackupHeader, one line of JSON
 *   entries: number of the table in TABLES, counted from 1, 1 byte; length of the key, 2 bytes, and of the value, 4 bytes;
 *   the key; the value
 *   0, 1 byte; the number of entries, 6 bytes; SHA-256 of everything before, 32 bytes
 */
export const FIRST_LINE = 'signalbox backup 1\n';
export const ENTRY_HEAD_BYTES = 7;
export const COUNT_BYTES = 6;
export const HASH_BYTES = 32;

export interface BackupHeader {
  /** of the data that the entries are, as format.ts counts */
  readonly format: number;
  /** of the program that wrote it */
  readonly version: string;
  /** unix ms */
  readonly takenAt: number;
}

/** Bytes are handed on in pieces of about this size. */
const BLOCK_BYTES = 256 * 1024;

/** The bytes of a backup, in pieces. */
export function* backupBlocks(header: BackupHeader, entries: Iterable<Entry>): Generator<Buffer> {
  const hash = createHash('sha256');
  let pieces: Buffer[] = [Buffer.from(`${FIRST_LINE}${JSON.stringify(header)}\n`)];
  let size = 0;
  let count = 0;
  const block = () => {
    const bytes = Buffer.concat(pieces);
    hash.update(bytes);
    pieces = [];
    size = 0;
    return bytes;
  };
  for (const { table, key, value } of entries) {
    pieces.push(entryHead(TABLES.indexOf(table) + 1, key.length, value.length), key, value);
    size += key.length + value.length;
    count++;
    if (size >= BLOCK_BYTES) yield block();
  }
  const end = Buffer.alloc(1 + COUNT_BYTES);
  end.writeUIntBE(count, 1, COUNT_BYTES);
  pieces.push(end);
  yield block();
  yield hash.digest();
}

function entryHead(table: number, keyLength: number, valueLength: number): Buffer {
  const head = Buffer.allocUnsafe(ENTRY_HEAD_BYTES);
  head[0] = table;
  head.writeUInt16BE(keyLength, 1);
  head.writeUInt32BE(valueLength, 3);
  return head;
}

/** What is wrong with a backup file, in one sentence. */
export function badBackup(path: string, reason: string, remedy: string): EngineError {
  return new EngineError('engine_unavailable', `${path} cannot be restored from: ${reason}. ${remedy}.`);
}

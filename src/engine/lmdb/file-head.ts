import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { unusable } from './unusable.js';

/*
 * The first two pages of lmdb's file say what the rest is; the one of the later transaction counts. Little-endian, behind
 * a page header of 24 bytes: magic number, 4 bytes; format, 2 bytes; at 48 the size of pages, 4 bytes; at 144 the number of
 * the last page that is in use, 8 bytes; at 152 the transaction, 8 bytes.
 */
const MAGIC_AT = 24;
const FORMAT_AT = 28;
const PAGE_SIZE_AT = 48;
const LAST_PAGE_AT = 144;
const TRANSACTION_AT = 152;
const HEAD_BYTES = 160;

const MAGIC = 0xbeefc0de;
const LMDB_FORMAT = 2;
const MIN_PAGE_BYTES = 256;

/** What a file of lmdb says of itself. */
export interface FileHead {
  readonly fileBytes: number;
  /** up to the end of the last page in use; the file may be shorter when that page is free */
  readonly neededBytes: number;
}

/**
 * Reads the head of lmdb's file, which lmdb itself maps into memory and trusts: one that is not its own would end the process.
 * @returns undefined when there is no file, or none that can be read, which lmdb then tells with its reason
 * @throws EngineError `engine_unavailable` when it is not a file of this engine
 */
export function readHead(folder: string, name: string): FileHead | undefined {
  const file = openToRead(`${folder}/${name}`);
  if (file === undefined) return undefined;
  try {
    const stat = fstatSync(file);
    if (!stat.isFile() || stat.size === 0) return undefined;
    const first = pageHead(file, 0);
    checkPage(folder, name, first);
    const pageBytes = first.readUInt32LE(PAGE_SIZE_AT);
    const second = pageBytes >= MIN_PAGE_BYTES ? pageHead(file, pageBytes) : Buffer.alloc(HEAD_BYTES);
    checkPage(folder, name, second);
    const isSecondLater = second.readBigUInt64LE(TRANSACTION_AT) > first.readBigUInt64LE(TRANSACTION_AT);
    const lastPage = Number((isSecondLater ? second : first).readBigUInt64LE(LAST_PAGE_AT));
    return { fileBytes: stat.size, neededBytes: (lastPage + 1) * pageBytes };
  } finally {
    closeSync(file);
  }
}

function openToRead(path: string): number | undefined {
  try {
    return openSync(path, 'r');
  } catch {
    return undefined;
  }
}

/** All zeros when the file ends before it. */
function pageHead(file: number, at: number): Buffer {
  const head = Buffer.alloc(HEAD_BYTES);
  const read = readSync(file, head, 0, HEAD_BYTES, at);
  return read === HEAD_BYTES ? head : Buffer.alloc(HEAD_BYTES);
}

function checkPage(folder: string, name: string, head: Buffer): void {
  if (head.readUInt32LE(MAGIC_AT) !== MAGIC) {
    throw unusable(folder, `its ${name} is not a file of this engine, or was cut off`);
  }
  const format = head.readUInt16LE(FORMAT_AT);
  if (format === LMDB_FORMAT) return;
  throw unusable(folder, `its ${name} has lmdb's format ${format}, and this version reads ${LMDB_FORMAT}`);
}

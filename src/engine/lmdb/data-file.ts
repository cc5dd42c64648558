import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { type Database, open, type RootDatabase } from 'lmdb';
import { unusable } from './unusable.js';

export type BinaryTable = Database<Buffer, Buffer>;

/** The file's name in the data folder; lmdb decides it. */
export const FILE_NAME = 'data.mdb';
/** What belongs to the hub is its own. */
const FILE_MODE = 0o600;
/** Virtual addresses, not memory and not disk: lmdb goes on by itself when they are used up, in larger steps. */
const FIRST_MAP_BYTES = 2 ** 33;
const MAX_TABLES = 8;

/** lmdb's page header, and what stands in its first page behind it. */
const PAGE_HEADER_BYTES = 24;
const MAGIC = 0xbeefc0de;
const LMDB_FORMAT = 2;
/** A file has at least two pages of this size or more. */
const MIN_PAGE_BYTES = 4_096;

export const BINARY = { encoding: 'binary', keyEncoding: 'binary' } as const;

/** lmdb's file, opened before anything is known of what it holds. */
export class DataFile {
  /** single values by key; lmdb's own list of tables lies there as well */
  readonly root: RootDatabase<Buffer, Buffer>;

  /**
   * @param mode `read`: nothing is made or written, also beside a hub that writes; `build`: commits are not on disk when
   * they are done, as nobody reads the file before it is whole
   * @throws EngineError `engine_unavailable` when it cannot be opened or is none of lmdb's
   */
  constructor(
    readonly folder: string,
    mode: 'own' | 'read' | 'build' = 'own',
  ) {
    checkHead(folder, mode);
    try {
      this.root = open<Buffer, Buffer>({
        path: folder,
        mapSize: FIRST_MAP_BYTES,
        maxDbs: MAX_TABLES,
        // A commit is one transaction, on disk when it is done; CommitQueue collects what goes into it.
        overlappingSync: false,
        eventTurnBatching: false,
        noMemInit: true,
        readOnly: mode === 'read',
        noSync: mode === 'build',
        ...BINARY,
        ...{ permissionsMode: FILE_MODE },
      });
    } catch (error) {
      throw unusable(folder, `it cannot be opened (${(error as Error).message})`, 'Let this user read and write it');
    }
  }

  get isEmpty(): boolean {
    return (this.root.getStats() as { entryCount: number }).entryCount === 0;
  }

  /** Reads and writes at once, while no other process can; on disk when it returns. */
  exclusively<T>(act: () => T): T {
    return this.root.transactionSync(act);
  }

  /** Ids of the processes that have the file open; those that died are cleared before. */
  users(): number[] {
    this.root.readerCheck();
    const lines = this.root.readerList().split('\n').slice(1);
    return lines.map((line) => Number.parseInt(line, 10)).filter(Number.isInteger);
  }

  async close(): Promise<void> {
    await this.root.close();
  }
}

/** lmdb maps the file into memory and trusts it: one that is not its own would end the process. */
function checkHead(folder: string, mode: 'own' | 'read' | 'build'): void {
  const head = headOf(join(folder, FILE_NAME));
  if (!head || head.size === 0) {
    // lmdb would make the folder.
    if (mode === 'read') throw unusable(folder, `it holds no ${FILE_NAME} that can be read`, 'Look at its name');
    return;
  }
  const { bytes, size } = head;
  if (size < 2 * MIN_PAGE_BYTES || bytes.readUInt32LE(PAGE_HEADER_BYTES) !== MAGIC) {
    throw unusable(folder, `its ${FILE_NAME} is not a file of this engine, or was cut off`);
  }
  const format = bytes.readUInt16LE(PAGE_HEADER_BYTES + 4);
  if (format === LMDB_FORMAT) return;
  throw unusable(folder, `its ${FILE_NAME} has lmdb's format ${format}, and this version reads ${LMDB_FORMAT}`);
}

/** Undefined: there is no file, or none that can be read, which lmdb then tells with its reason. */
function headOf(file: string): { bytes: Buffer; size: number } | undefined {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(file, 'r');
    const bytes = Buffer.alloc(PAGE_HEADER_BYTES + 8);
    readSync(descriptor, bytes, 0, bytes.length, 0);
    return { bytes, size: fstatSync(descriptor).size };
  } catch {
    return undefined;
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

import type { Database, Key } from 'lmdb';
import { damaged } from './damage.js';
import { BINARY, type BinaryTable, type DataFile } from './data-file.js';
import { messageKeyEncoder } from './message-key.js';

/** Bytes of the data file. It never shrinks; what is free in it is used again. */
export interface FileStats {
  readonly fileBytes: number;
  /** of them, holding what is stored or how it is found */
  readonly usedBytes: number;
}

/** The tables of the data file, which change together: the narrow part of lmdb that this engine uses. */
export class Environment {
  /** single values: format, owner, state */
  readonly singles: BinaryTable;
  /** a channel's number and notes, by its name */
  readonly channels: BinaryTable;
  /** numbers of channels that were removed, and whose messages still have to go */
  readonly removed: BinaryTable;
  readonly records: BinaryTable;
  /** by MessageKey; typed loosely, as lmdb's types know no key encoders */
  // biome-ignore lint/suspicious/noExplicitAny: see above
  readonly messages: Database<Buffer, any>;

  constructor(private readonly file: DataFile) {
    const { root } = file;
    this.singles = root;
    this.channels = root.openDB('channels', BINARY);
    this.removed = root.openDB('removed', BINARY);
    this.records = root.openDB('records', BINARY);
    this.messages = root.openDB('messages', { encoding: 'binary', ...{ keyEncoder: messageKeyEncoder } });
  }

  /**
   * Makes all changes that `write` makes, or none; resolves when they are on disk.
   * @param write must not throw
   */
  async commit(write: () => void): Promise<void> {
    try {
      await this.file.root.batch(write);
    } catch (error) {
      throw await causeOf(error);
    }
  }

  /** What `read` gives. @throws EngineError `engine_unavailable` when the file is damaged where it reads */
  reading<T>(read: () => T): T {
    try {
      return read();
    } catch (error) {
      throw this.damage(error);
    }
  }

  /** The entries of a table, as `getRange` of lmdb has them. @throws as `reading` */
  range<K extends Key>(table: Database<Buffer, K>, range: object): Generator<{ key: K; value: Buffer }> {
    return this.each(table.getRange(range));
  }

  /** The keys of a table, as `getKeys` of lmdb has them. @throws as `reading` */
  keys<K extends Key>(table: Database<Buffer, K>, range: object): Generator<K> {
    return this.each(table.getKeys(range));
  }

  /** Gives the cursor back also when it met damage; lmdb would hold on to its transaction, in which no read succeeds any more. */
  private *each<T>(found: Iterable<T>): Generator<T> {
    const iterator = found[Symbol.iterator]();
    try {
      for (let next = iterator.next(); !next.done; next = iterator.next()) yield next.value;
    } catch (error) {
      throw this.damage(error);
    } finally {
      iterator.return?.();
    }
  }

  private damage(error: unknown): Error {
    // lmdb refuses every read of a transaction that met damage, also of what is whole.
    this.file.root.resetReadTxn();
    return damaged(this.file.folder, error);
  }

  /** @throws as `reading` */
  stats(): FileStats {
    return this.reading(() => this.readStats());
  }

  private readStats(): FileStats {
    const { pageSize, lastPageNumber, free } = this.file.root.getStats() as RootStats;
    const tables = [this.singles, this.channels, this.removed, this.records, this.messages];
    const parts = [free, ...tables.map((table) => table.getStats() as TableStats)];
    const usedPages = parts.reduce((sum, part) => sum + pagesOf(part), METADATA_PAGES);
    return { fileBytes: (lastPageNumber + 1) * pageSize, usedBytes: usedPages * pageSize };
  }

  /** Frees the pages that a reader beside the hub held on to when it was killed; the file would grow for ever. */
  forgetDeadReaders(): void {
    this.file.root.readerCheck();
  }

  close(): Promise<void> {
    return this.file.close();
  }
}

const METADATA_PAGES = 2;

interface TableStats {
  readonly treeBranchPageCount: number;
  readonly treeLeafPageCount: number;
  readonly overflowPages: number;
}

interface RootStats {
  readonly pageSize: number;
  readonly lastPageNumber: number;
  /** where lmdb notes free pages */
  readonly free: TableStats;
}

function pagesOf({ treeBranchPageCount, treeLeafPageCount, overflowPages }: TableStats): number {
  return treeBranchPageCount + treeLeafPageCount + overflowPages;
}

/** lmdb rejects with "Commit failed" and tells why in a second promise. */
async function causeOf(error: unknown): Promise<unknown> {
  const { commitError } = error as { commitError?: Promise<never> };
  if (!commitError) return error;
  return commitError.then(
    () => error,
    (cause: unknown) => cause,
  );
}

import { type Database, open, type RootDatabase } from 'lmdb';
import { checkLength } from './file-check.js';
import { readHead } from './file-head.js';
import { unusable, unusableByDamage } from './unusable.js';

export type BinaryTable = Database<Buffer, Buffer>;

/** The file's name in the data folder; lmdb decides it. */
export const FILE_NAME = 'data.mdb';
/** What belongs to the hub is its own. */
const FILE_MODE = 0o600;
/** Virtual addresses, not memory and not disk: lmdb goes on by itself when they are used up, in larger steps. */
const FIRST_MAP_BYTES = 2 ** 33;
const MAX_TABLES = 8;

/** lmdb's MDB_PAGE_NOTFOUND and MDB_CORRUPTED */
const DAMAGE_CODES: readonly unknown[] = [-30_797, -30_796];
/** what is read to have read something */
const ANY_KEY = Buffer.from('signalbox');

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
    checkFile(folder, mode);
    try {
      this.root = open<Buffer, Buffer>({
        path: folder,
        // Else lmdb takes the name of a folder for that of a file when there is a dot in it.
        noSubdir: false,
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
    this.enterReaders();
  }

  /** The first read puts this process into lmdb's table, by its id. @throws EngineError when another has it, or of damage */
  private enterReaders(): void {
    try {
      this.root.getBinary(ANY_KEY);
    } catch (error) {
      if (DAMAGE_CODES.includes((error as { code?: unknown }).code)) throw unusableByDamage(this.folder, error);
      throw unusable(
        this.folder,
        `another process with the id ${process.pid} has it open, in another container`,
        'Stop the hub there',
      );
    }
  }

  get isEmpty(): boolean {
    return (this.root.getStats() as { entryCount: number }).entryCount === 0;
  }

  /** Reads and writes at once, while no other process can; on disk when it returns. */
  exclusively<T>(act: () => T): T {
    // Not act itself: lmdb would wait for a promise that it gives back.
    const results: T[] = [];
    this.root.transactionSync(() => {
      results.push(act());
    });
    return results[0] as T;
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
function checkFile(folder: string, mode: 'own' | 'read' | 'build'): void {
  const head = readHead(folder, FILE_NAME);
  // Another process may be writing what is only read here.
  if (head && mode !== 'read') checkLength(folder, FILE_NAME, head);
  // lmdb would make the folder.
  if (!head && mode === 'read') throw unusable(folder, `it holds no ${FILE_NAME} that can be read`, 'Look at its name');
}

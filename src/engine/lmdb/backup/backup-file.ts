import { createHash } from 'node:crypto';
import { closeSync, fstatSync, openSync } from 'node:fs';
import { CURRENT } from '../format.js';
import {
  type BackupHeader,
  badBackup,
  COUNT_BYTES,
  ENTRY_HEAD_BYTES,
  FIRST_LINE,
  HASH_BYTES,
} from './backup-format.js';
import { FileWindow } from './file-window.js';
import { type Entry, TABLES } from './tables.js';

const MAX_HEADER_BYTES = 4_096;
const ANOTHER = 'Take another backup';

/** A backup that is read, as often as needed. Its entries are known to be whole only when they have been read to the end. */
export class BackupFile {
  readonly header: BackupHeader;
  readonly bytes: number;
  private readonly descriptor: number;
  private readonly entriesAt: number;

  /** @throws EngineError when it is no backup, or one of a later version; the system's error when it cannot be read */
  constructor(readonly path: string) {
    this.descriptor = openSync(path, 'r');
    try {
      this.bytes = fstatSync(this.descriptor).size;
      const { header, length } = this.readHeader();
      this.header = header;
      this.entriesAt = length;
    } catch (error) {
      this.close();
      throw error;
    }
  }

  /** Everything in it. @throws EngineError when it was cut off or changed, at the latest at its end */
  *entries(): Generator<Entry> {
    const window = new FileWindow(this.descriptor, this.bytes, createHash('sha256'));
    window.take(this.entriesAt);
    let count = 0;
    for (let table = this.byte(window); table !== 0; table = this.byte(window)) {
      yield this.entry(window, table);
      count++;
    }
    const stated = this.taken(window, COUNT_BYTES).readUIntBE(0, COUNT_BYTES);
    const isWhole = window.digest().equals(this.taken(window, HASH_BYTES));
    if (!isWhole || stated !== count || window.left > 0) throw this.damaged();
  }

  close(): void {
    closeSync(this.descriptor);
  }

  private entry(window: FileWindow, table: number): Entry {
    const name = TABLES[table - 1];
    const lengths = this.taken(window, ENTRY_HEAD_BYTES - 1);
    if (!name) throw this.damaged();
    const key = this.taken(window, lengths.readUInt16BE(0));
    return { table: name, key, value: this.taken(window, lengths.readUInt32BE(2)) };
  }

  private byte(window: FileWindow): number {
    return this.taken(window, 1)[0] as number;
  }

  private taken(window: FileWindow, length: number): Buffer {
    const bytes = window.take(length);
    if (bytes) return bytes;
    throw badBackup(this.path, `it ends within its contents, after ${this.bytes} bytes; it was cut off`, ANOTHER);
  }

  private damaged() {
    return badBackup(this.path, 'its checksum does not fit its contents; it was changed or damaged', ANOTHER);
  }

  private readHeader(): { header: BackupHeader; length: number } {
    const start = new FileWindow(this.descriptor, this.bytes).take(Math.min(this.bytes, MAX_HEADER_BYTES)) as Buffer;
    const end = start.indexOf('\n', FIRST_LINE.length);
    if (start.toString('latin1', 0, FIRST_LINE.length) !== FIRST_LINE || end < 0) throw this.foreign(start);
    const header = headerIn(start.toString('utf8', FIRST_LINE.length, end));
    if (!header) throw this.foreign(start);
    if (header.format > CURRENT.number) {
      const reason = `it has format ${header.format} of version ${header.version}, and this one knows those up to ${CURRENT.number}`;
      throw badBackup(this.path, reason, `Use version ${header.version} or a later one`);
    }
    return { header, length: end + 1 };
  }

  private foreign(start: Buffer) {
    const word = FIRST_LINE.slice(0, 'signalbox backup '.length);
    return start.toString('latin1').startsWith(word)
      ? badBackup(this.path, 'its first lines are not those that this version writes', 'Use the version that wrote it')
      : badBackup(this.path, 'it is not a backup of Signalbox', 'Name a file that "signalbox backup" wrote');
  }
}

function headerIn(line: string): BackupHeader | undefined {
  try {
    const { format, version, takenAt } = JSON.parse(line) as Record<string, unknown>;
    const isHeader = Number.isInteger(format) && typeof version === 'string' && Number.isFinite(takenAt);
    return isHeader ? ({ format, version, takenAt } as BackupHeader) : undefined;
  } catch {
    return undefined;
  }
}

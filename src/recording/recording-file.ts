import { type FileHandle, open } from 'node:fs/promises';
import type { RecordingHeader } from './recorded-line.js';
import { RecordingError } from './recording-error.js';
import { headerText } from './write-line.js';

/** What devices and plugins say may be nobody else's business. */
const FILE_MODE = 0o600;

/** A recording that is being written: whole lines, or none of what could not be written. */
export class RecordingFile {
  private constructor(
    private readonly path: string,
    private readonly file: FileHandle,
    private bytes: number,
  ) {}

  /**
   * Begins a recording.
   * @param replace a file of that name goes
   * @throws RecordingError when it cannot be made, also when there is a file of that name
   */
  static async create(
    path: string,
    header: Omit<RecordingHeader, 'version'>,
    { replace = false } = {},
  ): Promise<RecordingFile> {
    const file = await translated(path, () => open(path, replace ? 'w' : 'wx', FILE_MODE));
    const recording = new RecordingFile(path, file, 0);
    try {
      await recording.write(headerText(header));
      return recording;
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  /**
   * Goes on with a recording.
   * @param endsAt bytes that stay; what stands behind them, a line that was cut off, goes
   * @throws RecordingError
   */
  static async goOn(path: string, endsAt: number): Promise<RecordingFile> {
    const file = await translated(path, () => open(path, 'r+', FILE_MODE));
    await translated(path, () => file.truncate(endsAt));
    return new RecordingFile(path, file, endsAt);
  }

  /** how long the file is */
  get size(): number {
    return this.bytes;
  }

  /**
   * Adds whole lines, and resolves when the system has them.
   * @throws RecordingError when they cannot be written; the file then ends behind the last lines that were
   */
  async write(lines: string): Promise<void> {
    const content = Buffer.from(lines);
    try {
      for (let at = 0; at < content.length; ) {
        const { bytesWritten } = await this.file.write(content, at, content.length - at, this.bytes + at);
        at += bytesWritten;
      }
      this.bytes += content.length;
    } catch (error) {
      await this.file.truncate(this.bytes).catch(() => {});
      throw cannotWrite(this.path, error);
    }
  }

  /** Resolves when all of it is on disk. @throws RecordingError */
  async close(): Promise<void> {
    try {
      await translated(this.path, () => this.file.sync());
    } finally {
      await this.file.close();
    }
  }
}

async function translated<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw cannotWrite(path, error);
  }
}

const reasons: Readonly<Record<string, string>> = {
  EACCES: 'this user may not do that',
  EDQUOT: "this user's share of the disk is used up",
  EEXIST: 'a file of that name exists',
  EISDIR: 'it is a folder',
  ENOENT: 'its folder does not exist',
  ENOSPC: 'the disk is full',
  EROFS: 'the file system is read-only',
};

function cannotWrite(path: string, error: unknown): RecordingError {
  const { code = '', message } = error as NodeJS.ErrnoException;
  return new RecordingError(`${path} cannot be written: ${reasons[code] ?? message}.`, { cause: error });
}

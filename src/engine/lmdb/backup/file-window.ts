import type { Hash } from 'node:crypto';
import { readSync } from 'node:fs';

const WINDOW_BYTES = 1024 * 1024;

/** Reads a file from its beginning on, piece by piece, through a window of a megabyte. */
export class FileWindow {
  private window: Buffer = Buffer.alloc(0);
  private used = 0;
  private hashed = 0;
  private readAt = 0;

  /** @param size of the file @param hash of what is taken */
  constructor(
    private readonly descriptor: number,
    private readonly size: number,
    private readonly hash?: Hash,
  ) {}

  /** Bytes that were not taken. */
  get left(): number {
    return this.size - this.readAt + this.window.length - this.used;
  }

  /** The next bytes; undefined when so many are not left. */
  take(length: number): Buffer | undefined {
    if (length > this.left) return undefined;
    if (this.used + length > this.window.length) this.moveOn(length);
    const bytes = this.window.subarray(this.used, this.used + length);
    if (bytes.length < length) return undefined;
    this.used += length;
    return bytes;
  }

  /** The hash of all that was taken; asked for once. */
  digest(): Buffer {
    this.hashTaken();
    return (this.hash as Hash).digest();
  }

  private hashTaken(): void {
    this.hash?.update(this.window.subarray(this.hashed, this.used));
    this.hashed = this.used;
  }

  /** A window of its own for each stretch: those who have taken bytes keep them. */
  private moveOn(needed: number): void {
    this.hashTaken();
    const rest = this.window.subarray(this.used);
    const size = Math.min(Math.max(needed, WINDOW_BYTES), this.left);
    const next = Buffer.allocUnsafeSlow(size);
    rest.copy(next);
    let filled = rest.length;
    for (let read = 1; read > 0 && filled < size; filled += read) {
      read = readSync(this.descriptor, next, filled, size - filled, this.readAt);
      this.readAt += read;
    }
    this.window = next.subarray(0, filled);
    this.used = 0;
    this.hashed = 0;
  }
}

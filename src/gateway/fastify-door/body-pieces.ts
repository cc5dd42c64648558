/** A smaller piece is copied: an object of its own would cost more than its bytes. */
const SMALL_BYTES = 1024;
/** What small pieces are put together in. */
const PAGE_BYTES = 16 * 1024;

const NOTHING = Buffer.alloc(0);

/**
 * A body as it comes in. Whoever sends it cuts it: in chunks of one byte, a body of 1 MiB is a million pieces, which would
 * take 400 times its size if each were kept as it came.
 */
export class BodyPieces {
  /** bytes so far */
  size = 0;
  private readonly pieces: Buffer[] = [];
  private page = NOTHING;
  private used = 0;

  /** How many objects hold the body. */
  get count(): number {
    return this.pieces.length + (this.used > 0 ? 1 : 0);
  }

  add(piece: Buffer): void {
    this.size += piece.length;
    // Most bodies come in one piece, which needs no copy.
    if (piece.length >= SMALL_BYTES || this.count === 0) {
      this.endPage();
      this.pieces.push(piece);
    } else this.copy(piece);
  }

  /** The body in one piece. */
  joined(): Buffer {
    this.endPage();
    const [first = NOTHING] = this.pieces;
    return this.pieces.length > 1 ? Buffer.concat(this.pieces) : first;
  }

  /** Lets go of all of them. */
  drop(): void {
    this.pieces.length = 0;
    this.page = NOTHING;
    this.used = 0;
    this.size = 0;
  }

  private copy(piece: Buffer): void {
    if (this.used + piece.length > this.page.length) {
      this.endPage();
      this.page = Buffer.allocUnsafe(PAGE_BYTES);
    }
    this.used += piece.copy(this.page, this.used);
  }

  private endPage(): void {
    if (this.used > 0) this.pieces.push(this.page.subarray(0, this.used));
    this.page = NOTHING;
    this.used = 0;
  }
}

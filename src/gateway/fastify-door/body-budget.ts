/**
 * Bytes of bodies that are being received, of all connections together. Each body is bounded by its URL; without this sum
 * clients that begin a large one on each of many connections, and never end it, would have the hub hold all of them.
 */
export class BodyBudget {
  /** bytes that are held now */
  held = 0;

  /** @param maxBytes `limits.max_receiving_size` */
  constructor(readonly maxBytes: number) {}

  /** Counts bytes that have come in. False, and nothing is counted, when they are too many. */
  take(bytes: number): boolean {
    if (this.held + bytes > this.maxBytes) return false;
    this.held += bytes;
    return true;
  }

  /** They belong to whoever asked for the body now, or were thrown away. */
  release(bytes: number): void {
    this.held -= bytes;
  }
}

import { Buffer } from 'node:buffer';

/** A line of a file. */
export interface TextLine {
  /** from 1 */
  readonly number: number;
  /** without its line end */
  readonly text: string;
  /** offset in bytes of what stands behind it */
  readonly endsAt: number;
  /** false: the file ends within it */
  readonly isWhole: boolean;
}

const LINE_END = 10;

/**
 * Makes lines of what comes in pieces, with no more than one line in memory. Not node:readline, which ends lines also at
 * characters that JSON may have within a text.
 */
export class LineSplitter {
  private begun: Buffer[] = [];
  private begunBytes = 0;
  private number = 0;
  private endsAt = 0;

  constructor(private readonly maxBytes: number) {}

  /** The lines that end within a piece. @throws RangeError at a line of more than `maxBytes` */
  take(piece: Buffer): readonly TextLine[] {
    const lines: TextLine[] = [];
    let at = 0;
    for (let end = piece.indexOf(LINE_END); end >= 0; end = piece.indexOf(LINE_END, at)) {
      lines.push(this.line(piece.subarray(at, end), true));
      at = end + 1;
    }
    if (at === piece.length) return lines;
    this.begun.push(piece.subarray(at));
    this.begunBytes += piece.length - at;
    if (this.begunBytes <= this.maxBytes) return lines;
    throw new RangeError(`Line ${this.number + 1} is longer than ${this.maxBytes} bytes.`);
  }

  /** What stands behind the last line end; undefined: nothing does. */
  rest(): TextLine | undefined {
    return this.begunBytes === 0 ? undefined : this.line(Buffer.alloc(0), false);
  }

  private line(end: Buffer, isWhole: boolean): TextLine {
    const bytes = this.begun.length === 0 ? end : Buffer.concat([...this.begun, end]);
    this.begun = [];
    this.begunBytes = 0;
    this.number++;
    this.endsAt += bytes.length + Number(isWhole);
    return { number: this.number, text: bytes.toString('utf8'), endsAt: this.endsAt, isWhole };
  }
}

/** The lines of what comes in pieces, one by one. @throws as `LineSplitter.take` */
export async function* textLines(pieces: AsyncIterable<Buffer>, maxBytes: number): AsyncGenerator<TextLine, void> {
  const splitter = new LineSplitter(maxBytes);
  for await (const piece of pieces) yield* splitter.take(piece);
  const rest = splitter.rest();
  if (rest) yield rest;
}

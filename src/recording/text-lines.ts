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
 * The lines of what comes in chunks, with no more than one of them in memory. Not by node:readline, which ends lines also at
 * characters that JSON may have within a text.
 * @throws RangeError at a line of more than `maxBytes`
 */
export async function* textLines(chunks: AsyncIterable<Buffer>, maxBytes: number): AsyncGenerator<TextLine> {
  let begun: Buffer[] = [];
  let begunBytes = 0;
  let number = 0;
  let endsAt = 0;
  const line = (rest: Buffer, isWhole: boolean): TextLine => {
    const bytes = begun.length === 0 ? rest : Buffer.concat([...begun, rest]);
    begun = [];
    begunBytes = 0;
    number++;
    endsAt += bytes.length + Number(isWhole);
    return { number, text: bytes.toString('utf8'), endsAt, isWhole };
  };
  for await (const chunk of chunks) {
    let at = 0;
    for (let end = chunk.indexOf(LINE_END); end >= 0; end = chunk.indexOf(LINE_END, at)) {
      yield line(chunk.subarray(at, end), true);
      at = end + 1;
    }
    if (at === chunk.length) continue;
    begun.push(chunk.subarray(at));
    begunBytes += chunk.length - at;
    if (begunBytes > maxBytes) throw new RangeError(`Line ${number + 1} is longer than ${maxBytes} bytes.`);
  }
  if (begunBytes > 0) yield line(Buffer.alloc(0), false);
}

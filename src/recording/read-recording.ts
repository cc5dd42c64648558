import { createReadStream } from 'node:fs';
import { parseHeader, parseLine } from './parse-line.js';
import type { RecordedLine, RecordingHeader } from './recorded-line.js';
import { RecordingError } from './recording-error.js';
import { type TextLine, textLines } from './text-lines.js';

/** A recording that is being read. */
export interface Recording {
  readonly header: RecordingHeader;
  /** offset in bytes of what stands behind the header */
  readonly headerEndsAt: number;
  /**
   * The lines behind the first, in their order; to be taken once. Left early, the file is closed.
   * @throws RecordingError at the first line that is none, with the file and the number of the line
   */
  readonly lines: AsyncGenerator<PlacedLine, void>;
}

/** A line, and where it ends. */
export interface PlacedLine {
  readonly line: RecordedLine;
  /** from 1; the header is the first */
  readonly number: number;
  /** offset in bytes of what stands behind it */
  readonly endsAt: number;
}

/** What is longer is no line of a recording: a body of 1 MiB, the usual limit, makes at most 6 MiB of JSON text. */
export const MAX_LINE_BYTES = 64 * 2 ** 20;

/**
 * Opens a recording; of a file of any size one line is in memory at a time. A last line that was cut off, as by a crash of
 * whoever wrote it, is left out and told.
 * @param warn takes the sentence that tells it
 * @throws RecordingError when the file cannot be read or is no recording of a known version
 */
export async function readRecording(file: string, warn: (sentence: string) => void): Promise<Recording> {
  const placed = linesOf(file);
  const first = await placed.next();
  if (first.done) throw new RecordingError(`${file} is empty, and no recording.`);
  try {
    const header = parsed(file, first.value, parseHeader);
    return { header, headerEndsAt: first.value.endsAt, lines: rest(file, placed, warn) };
  } catch (error) {
    await placed.return();
    throw error;
  }
}

async function* rest(
  file: string,
  placed: AsyncGenerator<TextLine, void>,
  warn: (sentence: string) => void,
): AsyncGenerator<PlacedLine, void> {
  for await (const text of placed) {
    if (text.text.trim() === '') continue;
    const { number, endsAt } = text;
    if (!text.isWhole && !isJson(text.text)) {
      warn(`${file}:${number}: The last line was cut off, and is left out. Whoever wrote the file did not end well.`);
      return;
    }
    yield { line: parsed(file, text, parseLine), number, endsAt };
  }
}

async function* linesOf(file: string): AsyncGenerator<TextLine, void> {
  const chunks = createReadStream(file, { highWaterMark: 256 * 1024 });
  try {
    yield* textLines(chunks, MAX_LINE_BYTES);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const why = code === 'ENOENT' ? 'there is no such file' : code === 'EISDIR' ? 'it is a folder' : message;
    throw new RecordingError(`${file} cannot be read: ${why}`, { cause: error });
  } finally {
    chunks.destroy();
  }
}

function parsed<T>(file: string, { number, text }: TextLine, parse: (text: string) => T): T {
  try {
    return parse(text);
  } catch (error) {
    const why = error instanceof SyntaxError ? `It is no JSON: ${error.message}` : (error as Error).message;
    throw new RecordingError(`${file}:${number}: ${why}`, { cause: error });
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

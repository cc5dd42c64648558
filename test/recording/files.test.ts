import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { readRecording } from '../../src/recording/read-recording.js';
import type { RecordedLine } from '../../src/recording/recorded-line.js';
import { RecordingFile } from '../../src/recording/recording-file.js';
import { textLines } from '../../src/recording/text-lines.js';
import { headerText, lineText } from '../../src/recording/write-line.js';

const header = { hub: '0.1.0', startedAt: 1_795_421_814_000, patterns: ['devices/#'] };

function eventAt(second: number, text = 'on'): RecordedLine {
  const about = { channel: 'devices/fan-1/events/state', contentType: null, body: { text } };
  return { kind: 'event', time: second * 1000, position: `${second}:0`, ...about };
}

describe('A recording', () => {
  let folder: string;
  let file: string;
  let warnings: string[];

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'recording-'));
    file = join(folder, 'night.ndjson');
    warnings = [];
  });

  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  async function read(): Promise<RecordedLine[]> {
    const lines: RecordedLine[] = [];
    for await (const { line } of (await readRecording(file, (warning) => warnings.push(warning))).lines) {
      lines.push(line);
    }
    return lines;
  }

  it('is read as it was written', async () => {
    const lines = [eventAt(1), eventAt(2, 'a\u2028b\r'), eventAt(3, 'ü'.repeat(400_000)), eventAt(4)];
    const written = await RecordingFile.create(file, header);
    for (const line of lines) await written.write(lineText(line));
    await written.close();
    expect(await read()).toEqual(lines);
    expect(warnings).toEqual([]);
    expect((await readRecording(file, () => {})).header).toEqual({ version: 1, ...header });
    expect(statSync(file).size).toBe(written.size);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('takes no file that is there, unless it may', async () => {
    writeFileSync(file, 'mine');
    await expect(RecordingFile.create(file, header)).rejects.toThrow(
      `${file} cannot be written: a file of that name exists.`,
    );
    expect(readFileSync(file, 'utf8')).toBe('mine');
    await (await RecordingFile.create(file, header, { replace: true })).close();
    expect(await read()).toEqual([]);
  });

  it('tells the file and the number of a line that is none', async () => {
    writeFileSync(file, `${headerText(header)}${lineText(eventAt(1))}\n{"kind":"evnt"}\n${lineText(eventAt(2))}`);
    await expect(read()).rejects.toThrow(
      `${file}:4: "kind" is "evnt"; "event", "command", "outcome" or "gap" is allowed.`,
    );
    writeFileSync(file, `${headerText(header)}{"kind"\n${lineText(eventAt(2))}`);
    await expect(read()).rejects.toThrow(`${file}:2: It is no JSON: `);
  });

  it('leaves out a last line that was cut off, and tells it', async () => {
    const cut = lineText(eventAt(2)).slice(0, -9);
    writeFileSync(file, headerText(header) + lineText(eventAt(1)) + cut);
    expect(await read()).toEqual([eventAt(1)]);
    expect(warnings).toEqual([
      `${file}:3: The last line was cut off, and is left out. Whoever wrote the file did not end well.`,
    ]);
  });

  it('may lack its last line end', async () => {
    writeFileSync(file, (headerText(header) + lineText(eventAt(1))).trimEnd());
    expect(await read()).toEqual([eventAt(1)]);
    expect(warnings).toEqual([]);
  });

  it.each([
    ['', /night\.ndjson is empty, and no recording/],
    ['hello\n', /night\.ndjson:1: It is no JSON/],
    ['{"version":1}\n', /night\.ndjson:1: It is no recording/],
  ])('is not what begins with %j', async (content, sentence) => {
    writeFileSync(file, content);
    await expect(read()).rejects.toThrow(sentence);
  });

  it('that is not there is told', async () => {
    await expect(read()).rejects.toThrow(`${file} cannot be read: there is no such file`);
  });

  it('goes on behind its last whole line', async () => {
    writeFileSync(file, headerText(header) + lineText(eventAt(1)));
    const { size } = statSync(file);
    appendFileSync(file, '{"kind":"ev');
    const lines = (await readRecording(file, () => {})).lines;
    expect((await lines.next()).value).toEqual({ line: eventAt(1), number: 2, endsAt: size });
    const written = await RecordingFile.goOn(file, size);
    await written.write(lineText(eventAt(2)));
    await written.close();
    expect(await read()).toEqual([eventAt(1), eventAt(2)]);
    expect(warnings).toEqual([]);
  });

  it('cannot be begun where there is no folder', async () => {
    const lost = join(folder, 'none', 'night.ndjson');
    await expect(RecordingFile.create(lost, header)).rejects.toThrow(
      `${lost} cannot be written: its folder does not exist.`,
    );
    expect(existsSync(lost)).toBe(false);
  });
});

describe('The lines of a file', () => {
  async function* chunks(...texts: string[]): AsyncGenerator<Buffer> {
    for (const text of texts) yield Buffer.from(text);
  }

  it('are the same however it comes in pieces', async () => {
    for (const pieces of [['a\nbc\n\nd'], ['a', '\nb', 'c\n', '\n', 'd'], ['a\n', 'bc\n\nd', '']]) {
      const lines: unknown[] = [];
      for await (const { text, endsAt, isWhole } of textLines(chunks(...pieces), 10))
        lines.push([text, endsAt, isWhole]);
      expect(lines).toEqual([
        ['a', 2, true],
        ['bc', 5, true],
        ['', 6, true],
        ['d', 7, false],
      ]);
    }
  });

  it('are refused when one would not fit into memory', async () => {
    const lines = textLines(chunks('a\n', 'b'.repeat(8), 'b'.repeat(8)), 10);
    await lines.next();
    await expect(lines.next()).rejects.toThrow('Line 2 is longer than 10 bytes.');
  });
});

import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { readRecording } from '../recording/read-recording.js';
import type { RecordingHeader } from '../recording/recorded-line.js';
import { RecordingError } from '../recording/recording-error.js';
import { RecordingFile } from '../recording/recording-file.js';
import { adminUrl } from './admin-api.js';
import { amountOf, counted } from './amounts.js';
import { EXIT } from './exit-code.js';
import { Failure } from './failure.js';
import { type Followed, type FollowedLine, followRecording } from './followed-recording.js';
import { Progress } from './progress.js';
import { RecordedPlaces } from './recorded-places.js';
import { print, type Terminal, untilStopped } from './terminal.js';

export interface RecordOptions {
  /** the file */
  readonly out: string;
  /** channel patterns; none: everything that can be recorded */
  readonly pattern?: readonly string[];
  /** ms; undefined: until it is stopped */
  readonly for?: number;
  /** `now`, `oldest` or a time */
  readonly from: string;
  /** goes on with the file */
  readonly resume?: boolean;
  /** replaces the file */
  readonly force?: boolean;
  readonly admin: string;
}

/** What is asked for again when a connection was lost: lines of different channels may stand a little out of order. */
const OVERLAP_MS = 1_000;

/**
 * `signalbox record`: writes events, commands and outcomes of a hub to a file, as they come, until it is stopped.
 * @returns the exit code
 * @throws Failure when the hub refuses or the file cannot be written
 */
export async function record(options: RecordOptions, terminal: Terminal): Promise<number> {
  const admin = adminUrl(options.admin);
  const path = resolve(options.out);
  const recording = await Writing.of(path, options, terminal);
  const { signal, release } = untilStopped(terminal);
  const limited = options.for === undefined ? signal : AbortSignal.any([signal, AbortSignal.timeout(options.for)]);
  const progress = new Progress(terminal, () => `Recording to ${path}, ${recording.told}`);
  const tell = (trouble: string) => {
    progress.end();
    void print(terminal.stderr, `signalbox: ${trouble}\n`);
  };
  try {
    const { patterns } = recording;
    const from = (began?: number) => recording.from(options.from, began);
    for await (const followed of followRecording({ admin, patterns, from, signal: limited, tell })) {
      progress.add(await recording.take(followed));
    }
  } catch (error) {
    // Why it ended is what must be told, whatever the closing says.
    await recording.close().catch(() => {});
    throw error;
  } finally {
    release();
    progress.end();
  }
  await recording.close();
  if (recording.isBegun)
    await print(terminal.stdout, `${path} holds ${recording.told}, ${amountOf(recording.size)}.\n`);
  else await print(terminal.stderr, `signalbox: The hub never answered; there is no ${path}.\n`);
  return recording.isBegun ? EXIT.ok : EXIT.failure;
}

/** A recording on its way to its file, which is made once the hub has answered. */
class Writing {
  private readonly places = new RecordedPlaces();
  private readonly counts = { event: 0, command: 0, outcome: 0, gap: 0 };
  private file: RecordingFile | undefined;
  private startedAt: number | undefined;

  private constructor(
    private readonly path: string,
    readonly patterns: readonly string[],
    private readonly replace: boolean,
  ) {}

  /** @throws Failure when there is such a file and it is neither to be resumed nor replaced; RecordingError */
  static async of(path: string, options: RecordOptions, terminal: Terminal): Promise<Writing> {
    const { pattern = [], resume = false, force = false } = options;
    if (resume && force) throw new Failure('--resume and --force cannot both be done; choose one.', EXIT.usage);
    if (!existsSync(path) || force) return new Writing(path, pattern, force);
    if (!resume) {
      throw new Failure(`${path} exists. Name another file, go on with it by --resume, or let --force replace it.`);
    }
    return Writing.resumed(path, pattern, terminal);
  }

  private static async resumed(path: string, asked: readonly string[], terminal: Terminal): Promise<Writing> {
    const warn = (sentence: string) => void print(terminal.stderr, `signalbox: ${sentence}\n`);
    const { header, lines, headerEndsAt } = await readRecording(path, warn);
    if (asked.length > 0 && asked.join(' ') !== header.patterns.join(' ')) {
      const patterns = header.patterns.map((pattern) => `"${pattern}"`).join(', ');
      throw new Failure(`${path} is a recording of ${patterns}; leave --pattern out to go on with it.`, EXIT.usage);
    }
    const writing = new Writing(path, header.patterns, false);
    writing.startedAt = header.startedAt;
    let end = headerEndsAt;
    for await (const { line, endsAt } of lines) {
      writing.places.add(line);
      writing.counts[line.kind]++;
      end = endsAt;
    }
    writing.file = await RecordingFile.goOn(path, end);
    return writing;
  }

  get isBegun(): boolean {
    return this.file !== undefined;
  }

  get size(): number {
    return this.file?.size ?? 0;
  }

  /** `12 events, 3 commands, 9 outcomes and 1 gap` */
  get told(): string {
    const { event, command, outcome, gap } = this.counts;
    const parts = [counted(event, 'event'), counted(command, 'command'), counted(outcome, 'outcome')];
    return gap === 0 ? `${parts[0]}, ${parts[1]} and ${parts[2]}` : `${parts.join(', ')} and ${counted(gap, 'gap')}`;
  }

  /** What to ask the hub for: as it was asked for at first, later a little before the last line. */
  from(asked: string, began: number | undefined): string {
    const { lastTime } = this.places;
    if (lastTime !== undefined) return new Date(lastTime - OVERLAP_MS).toISOString();
    const start = this.startedAt ?? began;
    return start === undefined ? asked : asked === 'now' ? new Date(start).toISOString() : asked;
  }

  /** @returns bytes that were written. @throws Failure when they could not be */
  async take(followed: Followed): Promise<number> {
    try {
      const before = this.size;
      if (followed.is === 'header') await this.begin(followed.header);
      else await this.file?.write(this.textOf(followed.lines));
      return this.size - before;
    } catch (error) {
      if (!(error instanceof RecordingError)) throw error;
      const remedy = this.isBegun ? ' What was recorded until then is whole; go on with --resume.' : '';
      throw new Failure(`${error.message}${remedy}`, EXIT.failure, { cause: error });
    }
  }

  async close(): Promise<void> {
    await this.file?.close();
  }

  private async begin(header: RecordingHeader): Promise<void> {
    this.startedAt ??= header.startedAt;
    this.file ??= await RecordingFile.create(this.path, header, { replace: this.replace });
  }

  private textOf(lines: readonly FollowedLine[]): string {
    const fresh = lines.filter(({ line }) => this.places.add(line));
    for (const { line } of fresh) this.counts[line.kind]++;
    return fresh.map(({ text }) => text).join('');
  }
}

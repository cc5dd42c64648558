import { fileURLToPath } from 'node:url';
import { readRecording } from '../../recording/read-recording.js';
import { bodyBytes } from '../../recording/recorded-body.js';
import type { SentCommand } from '../hub/seen-commands.js';
import { timeOf } from '../time/time-of.js';
import { compareGolden, type GoldenOptions, goldenOf } from './golden.js';

export interface ReplayedMessage {
  readonly channel: string;
  readonly contentType: string | null;
  readonly body: Buffer;
}

/** What a replay asks of a hub. */
export interface ReplayedHub {
  /** Begins at a moment when nothing has happened yet. @returns ms that every time of the recording is later here */
  beginAt(unixMs: number): Promise<number>;
  /** Lets time pass until a moment, and then publishes a message as it was recorded, with all that it causes. */
  publishAt(unixMs: number, message: ReplayedMessage): Promise<void>;
  /** Lets time pass until a moment. */
  passTo(unixMs: number): Promise<void>;
  /** Runs the whole of it while nobody else moves time. @throws Error with what failed in a plugin */
  inTurn(work: () => Promise<void>): Promise<void>;
  /** those that were sent since the hub began */
  commands(): readonly SentCommand[];
  warn(sentence: string): void;
}

export interface ReplayOptions {
  /** time that passes behind the last line, for timers and answers that come later: `'15m'` */
  readonly afterwards?: string | number;
}

/** A recording on its way through a hub: it runs once, when it is first asked for what came of it. */
export class Replay {
  private readonly file: string;
  private ran: Promise<readonly SentCommand[]> | undefined;

  constructor(
    file: string | URL,
    private readonly options: ReplayOptions,
    private readonly hub: ReplayedHub,
  ) {
    this.file = file instanceof URL ? fileURLToPath(file) : file;
  }

  /** The commands that plugins sent. @throws RecordingError; Error with what failed in a plugin */
  commands(): Promise<readonly SentCommand[]> {
    this.ran ??= this.run();
    return this.ran;
  }

  /**
   * Compares the commands that plugins sent with a file beside the recording: `night.golden.ndjson` for `night.ndjson`.
   * It is written when there is none, and anew when SIGNALBOX_UPDATE_GOLDEN=1 or `update` says so; a machine that builds
   * (CI is set) does not write one.
   * @throws Error with the lines that differ; as `commands`
   */
  async expectGolden(options: GoldenOptions = {}): Promise<void> {
    await compareGolden(goldenOf(this.file), await this.commands(), options);
  }

  private async run(): Promise<readonly SentCommand[]> {
    const { hub, file } = this;
    const afterwardsMs = timeOf(this.options.afterwards ?? 0);
    const before = hub.commands().length;
    await hub.inTurn(async () => {
      const { lines } = await readRecording(file, (sentence) => hub.warn(sentence));
      let shift: number | undefined;
      let at = 0;
      for await (const { line } of lines) {
        shift ??= await hub.beginAt(line.time);
        // Lines of different channels may stand a moment out of their order.
        at = Math.max(at, line.time + shift);
        if (line.kind !== 'event') continue;
        const { channel, contentType, body } = line;
        await hub.publishAt(at, { channel, contentType, body: bodyBytes(body) });
      }
      await hub.passTo(at + afterwardsMs);
    });
    return hub.commands().slice(before);
  }
}

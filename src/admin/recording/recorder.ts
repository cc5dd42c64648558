import type { Channels } from '../../channels/channels.js';
import type { Commands } from '../../commands/commands.js';
import { BEFORE_ALL, type Position, positionOf } from '../../engine/position.js';
import type { RecordedLine } from '../../recording/recorded-line.js';
import { headerText, lineText } from '../../recording/write-line.js';
import { keptMessages, readKept } from './kept-messages.js';
import { type LiveMessage, LiveMessages } from './live-messages.js';
import { MessageLines } from './message-lines.js';
import { RecordedChannels } from './recorded-channels.js';

export interface RecorderOptions {
  readonly channels: Channels;
  readonly commands: Pick<Commands, 'find'>;
  /** of the hub */
  readonly version: string;
  readonly patterns: readonly string[];
  /** unix ms from which on what is kept comes first; undefined: only what is published from now on */
  readonly from: number | undefined;
  /** unix ms before which the hub can have kept nothing; undefined: it keeps what it has on disk */
  readonly keepsSince: number | undefined;
}

/** An empty line is sent after so long a silence, so that both ends know of each other. */
export const HEARTBEAT_MS = 15_000;
/** Messages whose lines are made in one go. */
const AT_ONCE = 64;

/**
 * A recording as it is being made. It stops taking in when it is not read, and tells what it then dropped; whoever reads
 * it slowly holds up nobody.
 */
export class Recorder {
  private readonly recorded: RecordedChannels;
  private readonly lines: MessageLines;
  private live: LiveMessages | undefined;
  private isOver = false;
  private isQuiet = false;
  private wake = () => {};

  /** @throws RangeError when one of the patterns is none */
  constructor(private readonly options: RecorderOptions) {
    this.recorded = new RecordedChannels(options.patterns);
    this.lines = new MessageLines(this.recorded, options.commands);
  }

  /** Whole lines, some at a time, until `end` is called. @throws EngineError */
  async *text(): AsyncGenerator<string, void> {
    const { channels, version, patterns, from } = this.options;
    const { clock } = channels;
    const stopBeating = clock.every(HEARTBEAT_MS, () => this.beat());
    // Joined before what is kept is read: the other order loses what is published in between.
    this.live = new LiveMessages(channels, this.recorded, () => this.wake());
    try {
      yield headerText({ hub: version, startedAt: clock.now(), patterns });
      const shown = new Map<string, Position>();
      if (from !== undefined) yield* this.kept(from, shown);
      yield* this.liveText(this.live, shown);
    } finally {
      stopBeating();
      this.end();
    }
  }

  /** Takes nothing more in, and ends the text behind what is here. */
  end(): void {
    this.isOver = true;
    this.live?.end();
    this.wake();
  }

  /** @param shown is told the last position of each channel */
  private async *kept(from: number, shown: Map<string, Position>): AsyncGenerator<string> {
    const { channels, keepsSince } = this.options;
    if (keepsSince !== undefined && from > 0 && from < keepsSince) {
      const reason = `The hub was started at ${new Date(keepsSince).toISOString()} and keeps nothing of the time before.`;
      yield this.gap(null, reason);
    }
    const after = from <= 0 ? BEFORE_ALL : positionOf(Math.floor(from / 1_000), 0) - 1;
    const { recorded } = this;
    const query = { channels, recorded, after, isOver: () => this.isOver };
    const { messages, passedOver, lacking, lackingOne } = await keptMessages(query);
    if (passedOver > 0)
      yield this.gap(passedOver, 'The hub keeps more than a recorder takes; the oldest were passed over.');
    if (lacking > 0) {
      const reason = `Of ${lacking} channels, such as ${lackingOne}, the hub no longer has all that was published since then.`;
      yield this.gap(null, reason);
    }
    let gone = 0;
    for (const place of messages) {
      if (this.isOver) return;
      const message = await readKept(channels, place);
      shown.set(place.channel, place.position);
      const lines = message ? await this.lines.of(place.channel, message) : [];
      if (!message) gone++;
      if (lines.length > 0) yield lines.map(lineText).join('');
    }
    if (gone > 0) yield this.gap(gone, 'The hub dropped them while the recording was joined to what it kept.');
  }

  private async *liveText(live: LiveMessages, shown: Map<string, Position>): AsyncGenerator<string> {
    let heldBack = live.size;
    for (;;) {
      const batch = live.take(AT_ONCE);
      const text = await this.textOf(batch.filter((message) => !isShown(message, shown)));
      if (text !== '') yield text;
      heldBack = Math.max(heldBack - batch.length, 0);
      if (heldBack === 0) shown.clear();
      if (live.size > 0) continue;
      const dropped = live.takeDropped();
      if (dropped > 0) yield this.gap(dropped, 'The recorder was slower than the hub.');
      else if (this.isOver) return;
      else if (this.isQuiet) yield this.beaten();
      else await this.news();
    }
  }

  private async textOf(batch: readonly LiveMessage[]): Promise<string> {
    const lines: RecordedLine[] = [];
    for (const { channel, message } of batch) lines.push(...(await this.lines.of(channel, message)));
    return lines.map(lineText).join('');
  }

  /** Resolves when there is something to do. */
  private news(): Promise<void> {
    return new Promise((resolve) => {
      this.wake = resolve;
    });
  }

  private beat(): void {
    this.isQuiet = true;
    this.wake();
  }

  private beaten(): string {
    this.isQuiet = false;
    return '\n';
  }

  private gap(lost: number | null, reason: string): string {
    return lineText({ kind: 'gap', time: this.options.channels.clock.now(), lost, reason });
  }
}

function isShown({ channel, message }: LiveMessage, shown: ReadonlyMap<string, Position>): boolean {
  return message.position <= (shown.get(channel) ?? BEFORE_ALL);
}

import { setImmediate as turnOfEventLoop } from 'node:timers/promises';
import type { HubConfig } from '../config/hub-config.js';
import type { ComparedCommand } from '../logic/comparing/compared-command.js';
import type { Difference } from '../logic/comparing/pairing.js';
import { Pairing } from '../logic/comparing/pairing.js';
import type { PluginEntry } from '../logic/plugin-entry.js';
import type { PluginStatus } from '../logic/plugin-status.js';
import { bodyBytes } from '../recording/recorded-body.js';
import type { RecordedLine } from '../recording/recorded-line.js';
import { OfflineHub } from './offline-hub.js';
import { RecordedAnswers } from './recorded-answers.js';
import { comparedOf, senderOf } from './recorded-commands.js';

export type { ComparedCommand, Difference };

export interface ReplayOptions {
  /** in the order of their time */
  readonly lines: AsyncIterable<{ readonly line: RecordedLine }>;
  readonly plugin: PluginEntry;
  /** whose commands of the recording are compared: the plugin's name in the hub that was recorded */
  readonly comparedWith: string;
  readonly config: HubConfig;
  /** Waits in real time while so many ms of the recording pass; left out: it takes no time. */
  readonly pace?: ((ms: number) => Promise<void>) | undefined;
  /** ends it, also within a long time without a line */
  readonly signal?: AbortSignal;
  readonly listener: ReplayListener;
}

export interface ReplayListener {
  /** The plugin would send a command. */
  sent(command: ComparedCommand): void | Promise<void>;
  differs(difference: Difference): void | Promise<void>;
  /** Something to know, in a sentence. */
  warn(sentence: string): void;
}

/** What a replay came to. */
export interface ReplaySummary {
  readonly events: number;
  /** commands of the plugin that the recording has, and that the replay sent */
  readonly recorded: number;
  readonly sent: number;
  readonly same: number;
  readonly differences: Readonly<Record<Difference['is'], number>>;
  /** lines that tell of something that is missing */
  readonly gaps: number;
  /** what was asked for and not done, and cannot be compared */
  readonly jobs: number;
  readonly messages: number;
  readonly outboxItems: number;
  /** outcomes of the recording that were played */
  readonly outcomes: number;
  /** plugins whose commands the recording has beside those of the plugin */
  readonly others: readonly string[];
  /** how the plugin did; undefined: the recording has no line */
  readonly status: PluginStatus | undefined;
}

/** How long a command waits for its like. Timers may come a moment earlier or later than they did. */
const WINDOW_MS = 10_000;
/** Of the recording's time, in one go while it is paced, and while it is not. */
const PACED_STEP_MS = 100;
const STEP_MS = 3_600_000;

/**
 * Runs a recording's events through a plugin, in virtual time and without any effect outside of it, and compares what it
 * would send with what was sent.
 * @throws RecordingError; PluginConfigError; Error when a handler waits for something outside; the reason of `signal`
 */
export async function replay(options: ReplayOptions): Promise<ReplaySummary> {
  const run = new Replay(options);
  try {
    for await (const { line } of options.lines) await run.take(line);
    return await run.end();
  } finally {
    await run.close();
  }
}

class Replay {
  private hub: OfflineHub | undefined;
  private events = 0;
  private recorded = 0;
  private same = 0;
  private gaps = 0;
  private readonly others = new Set<string>();
  private readonly differences = { missing: 0, extra: 0, changed: 0, moved: 0 };
  private readonly pairing: Pairing;
  private readonly answers: RecordedAnswers;
  /** what the listener is to be told, in order */
  private readonly news: (() => void | Promise<void>)[] = [];

  constructor(private readonly options: ReplayOptions) {
    this.pairing = new Pairing({
      same: (expected, actual) => {
        this.same++;
        this.answers.pair(expected.id, actual.id);
      },
      differs: (difference) => this.note(difference),
    });
    this.answers = new RecordedAnswers(({ channel, contentType, position }, body) =>
      this.hub?.publish(channel, Buffer.from(JSON.stringify(body)), contentType, position),
    );
  }

  async take(line: RecordedLine): Promise<void> {
    this.options.signal?.throwIfAborted();
    const hub = await this.hubAt(line.time);
    await this.passTo(line.time, hub);
    switch (line.kind) {
      case 'event':
        this.events++;
        hub.publish(line.channel, bodyBytes(line.body), line.contentType, line.position);
        break;
      case 'command':
        this.expect(line);
        break;
      case 'outcome':
        this.answers.take(line);
        break;
      case 'gap':
        this.gaps++;
    }
    await hub.settle();
    await this.tellNews();
  }

  async end(): Promise<ReplaySummary> {
    this.pairing.expire(Number.POSITIVE_INFINITY);
    await this.tellNews();
    const { hub, events, recorded, same, differences, gaps, answers } = this;
    const { sent = 0, jobs = 0, messages = 0, outboxItems = 0, status } = hub ?? {};
    const others = [...this.others].sort();
    const outcomes = answers.played;
    return { events, recorded, sent, same, differences, gaps, jobs, messages, outboxItems, outcomes, others, status };
  }

  async close(): Promise<void> {
    await this.hub?.close();
  }

  /** The hub's time begins with the recording's. */
  private async hubAt(startAt: number): Promise<OfflineHub> {
    const { plugin, config, listener } = this.options;
    this.hub ??= await OfflineHub.open({
      ...{ plugin, config, startAt },
      sent: (command) => {
        this.news.push(() => listener.sent(command));
        this.pairing.add(command);
      },
      warn: (sentence) => listener.warn(sentence),
    });
    return this.hub;
  }

  /** Lines of different channels may stand a moment out of their order: time does not go back. */
  private async passTo(time: number, hub: OfflineHub): Promise<void> {
    const { pace, signal } = this.options;
    for (let left = time - hub.now; left > 0; left = time - hub.now) {
      const step = Math.min(left, pace ? PACED_STEP_MS : STEP_MS);
      await pace?.(step);
      await hub.advance(step);
      await this.tellNews();
      // Virtual time leaves the event loop no turn: nobody could abort it.
      await turnOfEventLoop();
      signal?.throwIfAborted();
    }
    this.pairing.expire(hub.now - WINDOW_MS);
  }

  private expect(line: Extract<RecordedLine, { kind: 'command' }>): void {
    const sender = senderOf(line);
    if (sender !== undefined && sender !== this.options.comparedWith) this.others.add(sender);
    const command = sender === this.options.comparedWith ? comparedOf(line) : undefined;
    if (!command) return;
    this.recorded++;
    this.answers.expect(command.id);
    this.pairing.expect(command);
  }

  private note(difference: Difference): void {
    this.differences[difference.is]++;
    if (difference.is === 'missing' || difference.is === 'changed') this.answers.drop(difference.expected.id);
    this.news.push(() => this.options.listener.differs(difference));
  }

  private async tellNews(): Promise<void> {
    for (const tell of this.news.splice(0)) await tell();
  }
}

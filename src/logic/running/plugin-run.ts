import type { Channels } from '../../channels/channels.js';
import { HubError } from '../../channels/hub-error.js';
import { Attempts } from '../attempts/attempts.js';
import { CrashWatch } from '../attempts/crash-watch.js';
import type { Trials } from '../attempts/trials.js';
import type { SourcePoint } from '../attempts/turn-id.js';
import type { Follower } from '../journal/follower.js';
import type { ServerDeclaration } from '../loading/declared-servers.js';
import type { RedriveResult } from '../plugin-status.js';
import { EventSource } from '../sources/event-source.js';
import { OutboxSource } from '../sources/outbox-source.js';
import { TimerSource } from '../sources/timer-source.js';
import { countUsage, type Usage } from '../store/usage.js';
import type { DeadLetters } from './dead-letters.js';
import type { Effect } from './effects.js';
import { emissionCause } from './emission-cause.js';
import type { GivenEvent, HandlerHost, HostedPipeline } from './handler-host.js';
import { type Handlers, handlersOf, missingHandler, type PipelineBinding } from './handlers.js';
import { Histogram } from './histogram.js';
import { LiveFeed } from './live-feed.js';
import { messageOf, type ReaderSurroundings } from './reader-surroundings.js';
import { redriveJob } from './redrive.js';
import { Suspects } from './suspects.js';
import type { Commits } from './turn-commits.js';
import type { TurnHandler } from './turn-handler.js';
import { openLane, type TurnLane } from './turn-lane.js';

export interface PluginRunParts extends ReaderSurroundings {
  readonly plugin: string;
  readonly channels: Channels;
  readonly commits: Commits;
  readonly follower: Follower;
  readonly letters: DeadLetters;
  readonly host: HandlerHost;
  readonly trials: Trials;
  /** as `CrashWatchParts.since` */
  readonly crashedBefore: SourcePoint | undefined;
}

/** Turns of the outbox that are open at a time: they wait for others, and must not keep events waiting. */
const OUTBOX_CONCURRENCY = 8;

/** A plugin while it runs: what its turns come from, the queue in which they wait, and who calls its handlers. */
export class PluginRun {
  readonly durations = new Histogram();
  private readonly turns: TurnLane;
  private readonly outboxTurns: TurnLane;
  private readonly events: EventSource;
  private readonly timers: TimerSource;
  private readonly outbox: OutboxSource;
  private readonly feed: LiveFeed;
  private readonly suspects = new Suspects();
  private readonly watch: CrashWatch;
  private readonly pipelines: readonly HostedPipeline[];
  /** who waits for a dead letter that is driven again */
  private readonly redriving = new Set<(result: RedriveResult) => void>();

  private constructor(
    private readonly parts: PluginRunParts,
    private readonly handlers: Handlers,
    /** what the plugin keeps; whoever changes that beside its turns counts it here */
    readonly usage: Usage,
    private readonly attempts: Attempts,
  ) {
    this.watch = new CrashWatch({
      ...{ plugin: parts.plugin, engine: parts.commits.engine, trials: parts.trials, since: parts.crashedBefore },
      failed: (error) => this.noteFault(error),
    });
    this.turns = this.lane(handlers.concurrency, () => {
      parts.follower.pump();
      this.timers.look();
    });
    this.outboxTurns = this.lane(OUTBOX_CONCURRENCY, () => this.outbox.look());
    this.events = this.eventSource();
    const due = {
      ...{ plugin: parts.plugin, engine: parts.commits.engine, now: parts.commits.now, usage },
      failed: (error: unknown) => this.noteFault(error),
    };
    this.timers = new TimerSource({
      ...due,
      queue: this.turns.queue,
      handlerOf: (name) => this.handlerOf('timer', name),
    });
    this.outbox = new OutboxSource({
      ...due,
      queue: this.outboxTurns.queue,
      handlerOf: (name) => this.handlerOf('outbox', name),
    });
    this.feed = new LiveFeed(parts.channels, parts);
    this.pipelines = handlers.pipelines.map((binding) => this.pipelineOf(binding));
  }

  /** @throws as `handlersOf`; EngineError */
  static async open(servers: readonly ServerDeclaration[], parts: PluginRunParts): Promise<PluginRun> {
    const onRefusal = () => parts.counters.refused++;
    const handlers = handlersOf(servers, { clock: parts.clock, onRefusal });
    const usage = await countUsage(parts.plugin, parts.commits.engine);
    await parts.letters.load();
    const attempts = await Attempts.open(parts.follower.cursor, {
      ...{ plugin: parts.plugin, engine: parts.commits.engine, now: parts.commits.now },
      failed: (error) => noteEngineFault(parts, error),
    });
    return new PluginRun(parts, handlers, usage, attempts);
  }

  get patterns(): readonly string[] {
    const { turns, pipelines } = this.handlers;
    const events = turns.filter(({ kind }) => kind === 'event').map(({ of }) => of);
    return [...new Set([...events, ...pipelines.map(({ declaration }) => declaration.pattern)])];
  }

  get queued(): number {
    return this.turns.queue.size + this.outboxTurns.queue.size + this.feed.size;
  }

  get retrying(): number {
    return this.turns.queue.retrying + this.outboxTurns.queue.retrying;
  }

  get openTurns(): number {
    return this.turns.runner.openTurns + this.outboxTurns.runner.openTurns;
  }

  get isPaused(): boolean {
    return this.pauseReason !== undefined;
  }

  /** A sentence; undefined: it is not paused. */
  get pauseReason(): string | undefined {
    return this.turns.queue.pauseReason ?? this.outboxTurns.queue.pauseReason;
  }

  start(): void {
    this.parts.host.start(() => {
      this.turns.queue.goOn();
      this.outboxTurns.queue.goOn();
    });
    for (const pipeline of this.pipelines) pipeline.start();
    for (const pipeline of this.pipelines) this.feed.watch(pipeline);
    this.parts.follower.start(this.events);
    this.look();
  }

  /** ms until a look finds something, if nothing else happens */
  get nextLookInMs(): number {
    return this.parts.follower.isAtRest ? Math.min(this.timers.inMs, this.outbox.inMs) : 0;
  }

  /** Looks whether a timer is due, or something in the outbox. */
  look(): void {
    this.timers.look();
    this.outbox.look();
    this.parts.follower.pump();
  }

  /** Takes in nothing more. @returns resolves when what is here was run, or `stop` was called */
  async drain(): Promise<void> {
    this.endSources();
    await Promise.all([this.feed.drain(), this.turns.queue.drain(), this.outboxTurns.queue.drain()]);
  }

  /** Takes in nothing more, and begins nothing; pipelines go on. @returns resolves when the turns that are open have ended */
  async finish(): Promise<void> {
    this.endSources();
    await Promise.all([this.turns.queue.finish(), this.outboxTurns.queue.finish()]);
  }

  /** Gives up what is open, at once. */
  stop(): void {
    this.endSources();
    this.feed.stop();
    for (const pipeline of this.pipelines) pipeline.stop();
    for (const { queue, runner } of [this.turns, this.outboxTurns]) {
      runner.stop();
      queue.stop();
    }
    this.watch.stop();
    for (const resolve of this.redriving) resolve({ isDone: false, error: 'The plugin was stopped.' });
  }

  /** Runs a dead letter's turn once more. @throws HubError `dead_letter_not_found`, `plugin_failed` while it is paused */
  async redrive(id: string): Promise<RedriveResult> {
    const { letters, plugin } = this.parts;
    const { letter, revision } = await letters.get(id);
    if (this.isPaused) throw new HubError('plugin_failed', `The plugin "${plugin}" is paused, for everything fails.`);
    return new Promise((resolve) => {
      this.redriving.add(resolve);
      const handler = this.handlers.turns.find(({ name }) => name === letter.handler);
      const job = redriveJob(letter, {
        ...{ revision, letters, engine: this.parts.commits.engine },
        resolve: (result) => {
          this.redriving.delete(resolve);
          resolve(result);
        },
        handler: handler ?? missingHandler('timer', letter.handler, this.parts.clock),
      });
      (letter.input.kind === 'outbox' ? this.outboxTurns : this.turns).queue.add(job);
    });
  }

  private endSources(): void {
    this.parts.follower.stop();
    this.timers.stop();
    this.outbox.stop();
  }

  private lane(concurrency: number, hasRoom: () => void): TurnLane {
    const { parts, usage, durations, suspects, attempts, watch } = this;
    return openLane({
      ...{ ...parts, usage, durations, suspects, attempts, watch, concurrency, hasRoom },
      committed: ({ firstTimer, outboxItems }) => {
        if (firstTimer !== undefined) this.timers.noteDue(firstTimer);
        if (outboxItems > 0) this.outbox.noteItem();
      },
    });
  }

  private eventSource(): EventSource {
    const { parts } = this;
    const { counters, warnings, follower } = parts;
    return new EventSource({
      follower,
      queue: this.turns.queue,
      handlers: this.handlers.turns.filter(({ kind }) => kind === 'event' || kind === 'outcome'),
      arrived: () => counters.events++,
      lost: (atMost) => {
        counters.lost += atMost;
        const sentence =
          `Events lost: up to ${atMost}. The journal dropped them before the plugin had come to them, for it was away or ` +
          'behind for longer than limits.journal_timeout, or than limits.journal_length events.';
        warnings.warn('lost', { lost: atMost }, sentence);
      },
      failed: (error) => this.noteFault(error),
    });
  }

  private pipelineOf(binding: PipelineBinding): HostedPipeline {
    return this.parts.host.pipeline(binding, {
      ...this.parts,
      carryOut: (effect, given) => this.carryOut(effect, given, binding),
      leave: (pipeline) => this.feed.leave(pipeline),
    });
  }

  private carryOut(effect: Effect, given: GivenEvent | undefined, binding: PipelineBinding) {
    const { plugin, commits } = this.parts;
    const { permissions } = binding;
    const cause = emissionCause(plugin, binding, given);
    if (effect.kind === 'command') permissions.takeCommand(effect.draft.device, effect.draft.name);
    if (effect.kind === 'message') permissions.checkPublish(effect.channel);
    const { maxStateBytes } = permissions;
    return commits.commit({ plugin, effects: [effect], cause, records: [], usage: this.usage, maxStateBytes });
  }

  private handlerOf(kind: 'timer' | 'outbox', name: string): TurnHandler {
    const found = this.handlers.turns.find((handler) => handler.kind === kind && handler.of === name);
    return found ?? missingHandler(kind, name, this.parts.clock);
  }

  private noteFault(error: unknown): void {
    noteEngineFault(this.parts, error);
  }
}

function noteEngineFault({ warnings }: Pick<PluginRunParts, 'warnings'>, error: unknown): void {
  const sentence = `Its journal, timers, outbox or attempts cannot be read or written: ${messageOf(HubError.from(error))}`;
  warnings.warn('engine', { error }, sentence);
}

import { systemClock } from '../../channels/clock.js';
import { DeadlineWheel } from '../../channels/deadline-wheel.js';
import type { RecordRange, StoredRecord } from '../../engine/record-table.js';
import type { ServerDeclaration } from '../loading/declared-servers.js';
import { catchAllFaults, type PluginZone } from '../plugin-zone.js';
import type { BegunTurn, HostedPipeline } from '../running/handler-host.js';
import { type Handlers, handlersOf } from '../running/handlers.js';
import type { InlineHost } from '../running/inline-host.js';
import { noCounts } from '../running/reader-surroundings.js';
import { ThrottledLog } from '../running/throttled-log.js';
import type { TurnHandler } from '../running/turn-handler.js';
import { subjectOf } from '../running/turn-input.js';
import { InlineRuntime } from '../runtime/inline-runtime.js';
import { plain, readBytes, readInput, writeEffect, writeFault, writeServers } from './codec.js';
import { Line, type MessageEnd } from './line.js';
import type { ToHub, ToWorker, WorkerStart } from './protocol.js';
import { Questions } from './questions.js';
import { threadUsage } from './thread-usage.js';
import { WorkerLog } from './worker-log.js';

type Told<Kind extends ToWorker['kind']> = Extract<ToWorker, { readonly kind: Kind }>;

/** Turns that have ended and may yet be undone; of one more, the oldest can no longer give back what it took of a rate. */
const MAX_ENDED_TURNS = 256;

/** A plugin in a worker thread: loads it, makes it, and calls its methods when the hub says so. */
export class PluginWorker implements PluginZone {
  private readonly line: Line<ToHub, ToWorker>;
  private readonly questions: Questions;
  private readonly log: WorkerLog;
  private readonly runtime: InlineRuntime;
  private readonly counters = noCounts();
  private readonly wheel = new DeadlineWheel(() => systemClock.uptime());
  private readonly turns = new Map<number, BegunTurn>();
  private readonly ended = new Map<number, BegunTurn>();
  private readonly handlers = new Map<string, TurnHandler>();
  private readonly pipelines = new Map<string, HostedPipeline>();
  private servers: readonly ServerDeclaration[] = [];
  private host: InlineHost | undefined;
  private eventsTaken = 0;

  constructor(
    end: MessageEnd,
    private readonly start: WorkerStart,
  ) {
    const soon = (flush: () => void) => {
      setImmediate(() => {
        this.tellCounts();
        flush();
      });
    };
    const receive = (messages: readonly ToWorker[]) => {
      for (const message of messages) this.receive(message);
    };
    this.line = new Line(end, receive, soon);
    this.questions = new Questions((id, question) => this.send({ kind: 'ask', id, question }));
    this.log = new WorkerLog((message) => this.send(message));
    const { entry, limits } = start;
    const state = {
      get: (key: string) => this.questions.ask<StoredRecord | undefined>({ get: key }),
      range: (range: RecordRange) => this.questions.ask<readonly StoredRecord[]>({ range }),
    };
    this.runtime = new InlineRuntime(
      { ...entry, enabled: true, from: undefined },
      {
        ...{ zone: this, plugin: entry.name, logger: this.log, state },
        ...{ maxEffects: limits.maxEffectsPerTurn, maxEffectBytes: limits.maxEffectBytesPerTurn },
      },
      this.log,
    );
  }

  /** Loads the plugin, and tells the hub what it is. Never throws. */
  async load(): Promise<void> {
    catchAllFaults(this);
    systemClock.every(1_000, () => this.wheel.turn());
    await this.step(async () => {
      this.servers = await this.runtime.load(this.start.file);
      const { settings } = this.runtime;
      const faults = plain(this.runtime.checkConfig());
      this.send({ kind: 'loaded', servers: writeServers(this.servers), settings, faults });
    });
  }

  lateFault(error: unknown): void {
    this.send({ kind: 'late', fault: writeFault(error) });
  }

  private receive(message: ToWorker): void {
    switch (message.kind) {
      case 'turn':
        return this.begin(message);
      case 'event':
        return this.feed(message);
      case 'answer':
        return this.questions.answered(message.id, message.answer);
      case 'abandon':
        return this.abandon(message.id);
      case 'pipeline':
        return this.turnPipeline(message);
      case 'ping':
        return this.send({ kind: 'pong', usage: threadUsage() });
      case 'open':
        void this.step(() => this.open());
        return;
      case 'close':
        void this.step(() => this.close());
    }
  }

  private async open(): Promise<void> {
    this.host = await this.runtime.open();
    const known = handlersOf(this.servers, { clock: systemClock, onRefusal: () => this.counters.refused++ });
    for (const handler of known.turns) this.handlers.set(handler.name, handler);
    for (const binding of known.pipelines) this.pipelines.set(binding.name, this.pipelineOf(this.host, binding));
    this.send({ kind: 'opened' });
  }

  private async close(): Promise<void> {
    for (const pipeline of this.pipelines.values()) pipeline.stop();
    await this.runtime.close();
    this.send({ kind: 'closed' });
  }

  private begin({ id, handler: name, input: written, failures, depth }: Told<'turn'>): void {
    const handler = this.handlers.get(name) as TurnHandler;
    const input = readInput(written);
    try {
      const job = { handler, input, failures, depth, subject: subjectOf(input) };
      const turn = (this.host as InlineHost).begin(job);
      if (!turn.ended) return this.finish(id, turn);
      this.turns.set(id, turn);
      turn.ended.then(
        () => this.finish(id, turn),
        (error: unknown) => {
          turn.abandon();
          this.threw(id, error);
        },
      );
    } catch (error) {
      this.threw(id, error);
    }
  }

  private finish(id: number, turn: BegunTurn): void {
    this.turns.delete(id);
    const { effects, skipped } = turn.close();
    this.ended.set(id, turn);
    if (this.ended.size > MAX_ENDED_TURNS) this.ended.delete(this.ended.keys().next().value as number);
    this.send({ kind: 'done', id, effects: effects.map(writeEffect), ...(skipped !== undefined && { skipped }) });
  }

  private threw(id: number, error: unknown): void {
    this.turns.delete(id);
    this.send({ kind: 'threw', id, fault: writeFault(error) });
  }

  private abandon(id: number): void {
    const turn = this.turns.get(id) ?? this.ended.get(id);
    this.ended.delete(id);
    turn?.abandon();
  }

  private pipelineOf(host: InlineHost, binding: Handlers['pipelines'][number]): HostedPipeline {
    return host.pipeline(binding, {
      ...{ zone: this, counters: this.counters, wheel: this.wheel, clock: systemClock, limits: this.start.limits },
      logger: this.log,
      warnings: new ThrottledLog(this.log, systemClock, {}, this.start.limits.quietMs),
      fail: (reason) => this.lateFault(new Error(reason)),
      carryOut: async (effect, given) => {
        await this.questions.ask({ emit: writeEffect(effect), pipeline: binding.name, given });
      },
      leave: () => this.send({ kind: 'left', pipeline: binding.name }),
    });
  }

  private turnPipeline({ name, isOn }: Told<'pipeline'>): void {
    const pipeline = this.pipelines.get(name);
    if (isOn) pipeline?.start();
    else pipeline?.stop();
  }

  private feed({ pipeline: name, channel, position, publishedAt, body, depth }: Told<'event'>): void {
    const pipeline = this.pipelines.get(name);
    pipeline?.read({ pipeline, channel, message: { position, publishedAt }, body: readBytes(body), depth });
    if (this.eventsTaken === 0) queueMicrotask(() => this.tellTaken());
    this.eventsTaken++;
  }

  private tellTaken(): void {
    this.send({ kind: 'took', events: this.eventsTaken });
    this.eventsTaken = 0;
  }

  private send(message: ToHub): void {
    this.line.send(message);
  }

  /** What was counted goes along with whatever is sent. */
  private tellCounts(): void {
    const counted = Object.entries(this.counters).filter(([, count]) => count > 0);
    if (counted.length === 0) return;
    Object.assign(this.counters, noCounts());
    this.send({ kind: 'counted', counters: Object.fromEntries(counted) });
  }

  private async step(take: () => Promise<void>): Promise<void> {
    try {
      await take();
    } catch (error) {
      this.send({ kind: 'failed', fault: writeFault(error) });
    }
  }
}

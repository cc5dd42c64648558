import { andThen, recover } from '../../channels/maybe-promise.js';
import type { MaybePromise } from '../../engine/message-log.js';
import type { RecordRange, StoredRecord } from '../../engine/record-table.js';
import type { LogicLimits } from '../logic-limits.js';
import type { HandlerHost, HostedPipeline, PipelineParts } from '../running/handler-host.js';
import type { PipelineBinding } from '../running/handlers.js';
import type { Job } from '../running/job.js';
import type { StateReader } from '../running/turn-entries.js';
import { below } from '../store/tables.js';
import { writeFault } from './codec.js';
import { type PluginThread, STUCK, STUCK_MS } from './plugin-thread.js';
import type { Answer, Question, ToHub, ToWorker } from './protocol.js';
import { WorkerPipeline } from './worker-pipeline.js';
import { type TurnKeeper, WorkerTurn } from './worker-turn.js';

export interface WorkerHostParts {
  readonly plugin: string;
  readonly limits: LogicLimits;
  readonly state: StateReader;
}

type Heard<Kind extends ToHub['kind']> = Extract<ToHub, { readonly kind: Kind }>;

/** Runs a plugin's methods in a worker thread, and outlives the thread: while there is none, it is not ready. */
export class WorkerHost implements HandlerHost, TurnKeeper {
  readonly isInProcess = true;
  private thread: PluginThread | undefined;
  private becameReady = () => {};
  private readonly turns = new Map<number, WorkerTurn>();
  private nextTurn = 1;
  private readonly pipelines = new Map<string, WorkerPipeline>();
  /** events on their way to pipelines */
  private eventsUnderWay: number[] = [];
  private bytesUnderWay = 0;

  constructor(private readonly parts: WorkerHostParts) {}

  get isReady(): boolean {
    return this.thread !== undefined;
  }

  get maxEffects(): number {
    return this.parts.limits.maxEffectsPerTurn;
  }

  start(becameReady: () => void): void {
    this.becameReady = becameReady;
  }

  /** A thread whose plugin is made. */
  attach(thread: PluginThread): void {
    this.thread = thread;
    for (const pipeline of this.pipelines.values()) pipeline.attached();
    this.becameReady();
  }

  /** The thread has ended. @returns whether turns were open */
  detach(reason: string): boolean {
    this.thread = undefined;
    this.eventsUnderWay = [];
    this.bytesUnderWay = 0;
    const turns = [...this.turns.values()];
    this.turns.clear();
    const open = turns.filter(({ isAbandoned }) => !isAbandoned).length;
    for (const turn of turns) turn.hostEnded(reason, open === 1);
    return open > 0;
  }

  begin(job: Job): WorkerTurn {
    const turn = new WorkerTurn(this.nextTurn++, job, this);
    this.turns.set(turn.id, turn);
    this.send(turn.request);
    return turn;
  }

  abandon({ id }: { readonly id: number }): void {
    this.send({ kind: 'abandon', id });
  }

  endIfStuck(): void {
    const { thread } = this;
    if (!thread || thread.silentMs < STUCK_MS) return;
    thread.kill(STUCK);
  }

  ask(isAlive: () => void): void {
    this.thread?.ask(isAlive);
  }

  pipeline(binding: PipelineBinding, parts: PipelineParts): HostedPipeline {
    const room = { take: (bytes: number) => this.takeRoom(bytes) };
    const pipeline = new WorkerPipeline(binding, parts, room, (message) => this.send(message));
    this.pipelines.set(pipeline.name, pipeline);
    return pipeline;
  }

  receive(message: ToHub): void {
    switch (message.kind) {
      case 'done':
        this.ended(message.id)?.done(message);
        break;
      case 'threw':
        this.ended(message.id)?.threw(message);
        break;
      case 'ask':
        this.answer(message);
        break;
      case 'took':
        for (const bytes of this.eventsUnderWay.splice(0, message.events)) this.bytesUnderWay -= bytes;
        break;
      case 'left':
        this.pipelines.get(message.pipeline)?.left();
        break;
      default:
        throw new TypeError('it is no message of a plugin');
    }
  }

  private ended(id: number): WorkerTurn | undefined {
    const turn = this.turns.get(id);
    this.turns.delete(id);
    return turn;
  }

  private answer({ id, question }: Heard<'ask'>): void {
    const { thread } = this;
    const send = (answer: Answer) => thread?.send({ kind: 'answer', id, answer });
    void recover(
      () => andThen(this.answerTo(question), (value) => send({ value })),
      (error) => send({ fault: writeFault(error) }),
    );
  }

  private answerTo(question: Question): MaybePromise<StoredRecord | readonly StoredRecord[] | undefined> {
    const { state } = this.parts;
    if ('emit' in question)
      return this.pipelines
        .get(question.pipeline)
        ?.emit(question.emit, question.given)
        .then(() => undefined);
    if ('range' in question) return state.range(this.ownRange(question.range));
    return question.get.startsWith(`${this.parts.plugin}/`) ? state.get(question.get) : undefined;
  }

  /** The part of a range that is the plugin's. */
  private ownRange({ from, before, limit }: RecordRange): RecordRange {
    const own = below(this.parts.plugin);
    return {
      from: from !== undefined && from > own.from ? from : own.from,
      before: before !== undefined && before < own.before ? before : own.before,
      limit: Math.min(limit, MAX_RANGE),
    };
  }

  private takeRoom(bytes: number): boolean {
    const { maxQueuedEvents, maxQueuedBytes } = this.parts.limits;
    const isFull = this.eventsUnderWay.length >= maxQueuedEvents || this.bytesUnderWay + bytes > maxQueuedBytes;
    if (!this.thread || isFull) return false;
    this.eventsUnderWay.push(bytes);
    this.bytesUnderWay += bytes;
    return true;
  }

  private send(message: ToWorker): void {
    this.thread?.send(message);
  }
}

const MAX_RANGE = 1_000;

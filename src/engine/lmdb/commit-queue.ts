import { EngineError, type MaybePromise } from '../message-log.js';
import { Batch, type Participant, type Waiting } from './batch.js';
import type { EngineState } from './engine-state.js';
import type { Environment } from './environment.js';

/** After a commit that failed, nothing is tried for this long: what comes meanwhile is refused with the same error. */
const RETRY_AFTER_MS = 250;
/** Bytes of changes that wait for the disk; more are refused. */
const MAX_WAITING_BYTES = 256 * 1024 * 1024;

/** What a commit is made of beside its batch, and who hears of its end. */
export interface CommitOwner {
  /** the state that the changes handed in so far lead to */
  state(): EngineState;
  /** adds that state to a batch that is about to be written */
  writeState(batch: Batch, state: EngineState): void;
  settle(state: EngineState): void;
  /** everything handed in since the last settled state is lost; called before the participants roll back */
  rollBack(): void;
  /** what the failed commit is told as */
  errorOf(cause: unknown): Promise<EngineError>;
  /** whether removed messages are still to be deleted from disk */
  isMakingRoom(): boolean;
  /** ms that never go back */
  uptime(): number;
}

/**
 * Commits in groups. What is handed in during one turn of the event loop, or while a commit is being written, goes to disk
 * together with the next one; a lone change waits for nothing but the end of its turn.
 */
export class CommitQueue {
  private collecting = new Batch();
  /** full ones, in the order in which they are to be written, each with the state that it leads to */
  private full: [Batch, EngineState][] = [];
  private fullBytes = 0;
  /** something was handed in since the last commit began */
  private isWanted = false;
  private isScheduled = false;
  private isWriting = false;
  private failure: { readonly error: EngineError; readonly at: number } | undefined;
  private idle: (() => void)[] = [];
  /** commits and failed ones since the start */
  commits = 0;
  failures = 0;

  constructor(
    private readonly env: Environment,
    private readonly owner: CommitOwner,
  ) {}

  /** False from a commit that failed until one succeeds. */
  get isHealthy(): boolean {
    return this.failure === undefined;
  }

  /**
   * Asked before each change that somebody waits for; a batch that is full is closed here, between two changes.
   * @throws EngineError when a change cannot be taken now
   */
  admit(): void {
    // Room that is about to be made is made by a commit of its own: together with more it might fail again and again.
    if (this.failure && (this.isTooEarly || this.owner.isMakingRoom())) throw this.failure.error;
    if (this.collecting.isFull) this.close();
    if (this.fullBytes <= MAX_WAITING_BYTES) return;
    throw new EngineError(
      'engine_unavailable',
      `The disk is behind: ${this.fullBytes} bytes wait to be written, and ${MAX_WAITING_BYTES} may. Publish again in a ` +
        'moment.',
    );
  }

  /** The batch that changes of `participant` go into now. */
  batchFor(participant: Participant): Batch {
    const batch = this.openBatch();
    batch.take(participant);
    return batch;
  }

  /** The batch that changes go into now. */
  openBatch(): Batch {
    this.schedule();
    return this.collecting;
  }

  /** Tells `waiting` of the batch that collects now, which holds what was handed in last. */
  wait(waiting: Waiting): void {
    this.collecting.waiting.push(waiting);
    this.schedule();
  }

  /** Resolves when all that was handed in is on disk. @throws EngineError when the commit with it failed */
  settled(): MaybePromise<void> {
    if (!this.isWriting && !this.isWanted) return;
    return new Promise((settle, fail) => this.wait({ settle, fail }));
  }

  /** Resolves when nothing waits any more, or the last commit failed. */
  async drain(): Promise<void> {
    if (!this.isWriting && !this.isScheduled) return;
    await new Promise<void>((resolve) => this.idle.push(resolve));
  }

  /** Tries again to write what a failed commit left; called about once a second. */
  retry(): void {
    if (this.isWanted) this.schedule();
  }

  private get isTooEarly(): boolean {
    return this.failure !== undefined && this.owner.uptime() - this.failure.at < RETRY_AFTER_MS;
  }

  private close(): void {
    this.full.push([this.collecting, this.owner.state()]);
    this.fullBytes += this.collecting.bytes;
    this.collecting = new Batch();
  }

  private schedule(): void {
    this.isWanted = true;
    if (this.isScheduled || this.isWriting || this.isTooEarly) return;
    this.isScheduled = true;
    // Behind all requests that this turn of the event loop brings.
    setImmediate(() => {
      this.isScheduled = false;
      this.writeNext();
    });
  }

  private writeNext(): void {
    const [batch, state] = this.full.shift() ?? [this.collecting, this.owner.state()];
    this.isWanted = batch !== this.collecting;
    if (this.isWanted) this.fullBytes -= batch.bytes;
    else this.collecting = new Batch();
    this.isWriting = true;
    this.owner.writeState(batch, state);
    this.env
      .commit(() => batch.writeTo(this.env))
      .then(
        () => this.succeeded(batch, state),
        (cause: unknown) => this.failed(batch, cause),
      );
  }

  private succeeded(batch: Batch, state: EngineState): void {
    this.commits++;
    this.failure = undefined;
    this.owner.settle(state);
    batch.settle();
    this.goOn();
  }

  private async failed(batch: Batch, cause: unknown): Promise<void> {
    const error = await this.owner.errorOf(cause);
    this.failures++;
    this.failure = { error, at: this.owner.uptime() };
    // What waits was handed in on the assumption that this batch succeeds.
    const lost = [batch, ...this.full.map(([full]) => full), this.collecting];
    this.full = [];
    this.fullBytes = 0;
    this.collecting = new Batch();
    this.owner.rollBack();
    const participants = new Set(lost.flatMap(({ participants }) => participants));
    for (const participant of participants) {
      participant.lastBatch = undefined;
      participant.rollBack();
    }
    for (const { waiting } of lost) for (const each of waiting) each.fail(error);
    this.isWriting = false;
    this.becomeIdle();
  }

  private goOn(): void {
    this.isWriting = false;
    if (this.isWanted) this.writeNext();
    else this.becomeIdle();
  }

  private becomeIdle(): void {
    for (const resolve of this.idle.splice(0)) resolve();
  }
}

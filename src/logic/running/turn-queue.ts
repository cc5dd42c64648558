import type { Attempts } from '../attempts/attempts.js';
import { comebackOf } from '../attempts/comeback.js';
import type { CrashWatch } from '../attempts/crash-watch.js';
import { pauseBefore } from '../loading/run-rules.js';
import type { Burial } from './burial.js';
import { FailurePause } from './failure-pause.js';
import type { HandlerHost, HostEnded } from './handler-host.js';
import type { Job } from './job.js';
import { LaneQueue } from './lane-queue.js';
import { Pauses } from './pauses.js';
import { messageOf, type ReaderSurroundings } from './reader-surroundings.js';
import type { SuspectQueue, Suspects } from './suspects.js';
import type { Failure, TurnEnd } from './turn-end.js';
import { describeInput } from './turn-input.js';
import type { TurnRunner } from './turn-runner.js';

export interface TurnQueueParts
  extends Pick<ReaderSurroundings, 'counters' | 'decisions' | 'limits' | 'warnings' | 'wheel' | 'clock'> {
  /** turns that are open at a time */
  readonly concurrency: number;
  readonly burial: Burial;
  readonly host: Pick<HandlerHost, 'isReady'>;
  /** of all queues of the host */
  readonly suspects: Suspects;
  readonly attempts: Attempts;
  readonly watch: CrashWatch;
  /** unix ms, steady */
  readonly now: () => number;
  /** There is room again for what waits elsewhere. */
  hasRoom(): void;
}

/** Turns that a plugin gets before the event loop goes on with everything else. */
const TURNS_PER_TICK = 256;
/** How long a turn waits for which the engine was away, or that could not be buried. */
const ENGINE_PAUSE_MS = 3_000;

/**
 * The turns of one plugin that are to come: in order for each key, a bounded number at a time, out of a bounded queue.
 * They begin in a tick of their own, so a plugin neither holds up nor can it break the publishing of an event. One that
 * failed is tried again, later each time, while those of its key wait and the others go on; then it is buried among the
 * dead letters. When everything fails the plugin is paused, and one turn is tried now and then.
 */
export class TurnQueue implements SuspectQueue {
  private readonly queue = new LaneQueue<Job>();
  /** of turns that failed */
  private readonly pauses: Pauses;
  inHand = 0;
  private readonly pause: FailurePause;
  private isScheduled = false;
  private isStopped = false;
  private isFinishing = false;
  private whenIdle: (() => void) | undefined;

  /** @param runner its end is `ended` */
  constructor(
    private readonly parts: TurnQueueParts,
    private readonly runner: Pick<TurnRunner, 'run'>,
  ) {
    this.pauses = new Pauses(parts.wheel);
    this.pause = new FailurePause(parts, () => this.schedule());
    parts.suspects.add(this);
  }

  /** turns that wait, those that are to be tried again included */
  get size(): number {
    return this.queue.size + this.pauses.count;
  }

  get retrying(): number {
    return this.pauses.count;
  }

  get isPaused(): boolean {
    return this.pause.isOn;
  }

  /** as `FailurePause.reason` */
  get pauseReason(): string | undefined {
    return this.pause.reason;
  }

  get hasRoomLeft(): boolean {
    const { maxQueuedEvents, maxQueuedBytes } = this.parts.limits;
    return this.queue.size < maxQueuedEvents && this.queue.bytes < maxQueuedBytes && !this.isStopped;
  }

  add(job: Job): void {
    this.queue.add(job);
    this.schedule();
  }

  /** The host has become ready. */
  goOn(): void {
    this.schedule();
  }

  /** @returns resolves when what is here was run, or `stop` was called; what is to be tried again is not waited for */
  drain(): Promise<void> {
    return new Promise((resolve) => {
      this.whenIdle = resolve;
      this.tellIdle();
    });
  }

  /** Begins nothing more. @returns resolves when what is open has ended, or `stop` was called */
  finish(): Promise<void> {
    this.isFinishing = true;
    return this.drain();
  }

  /** Runs nothing more. What waits is not done with, and comes again after a start. */
  stop(): void {
    this.isStopped = true;
    this.pauses.stop();
    this.pause.stop();
    this.queue.clear();
    this.inHand = 0;
    this.tellIdle();
  }

  /** A turn has come to its end. */
  ended(job: Job, end: TurnEnd): void {
    if (this.isStopped) return;
    this.inHand--;
    this.parts.watch.ended(job);
    if (end.is === 'failed' && end.fault === 'host') return this.accuse(job, end.error as HostEnded);
    this.parts.suspects.clear(job);
    switch (end.is) {
      case 'done':
        this.pause.noteSuccess();
        this.release(job);
        break;
      case 'again':
        this.queue.putBack(job);
        break;
      case 'failed':
        this.failed(job, end);
        break;
    }
    this.schedule();
  }

  /** Its host has ended with it: it is tried again alone, and given up when that ends the host once more. */
  private accuse(job: Job, error: HostEnded): void {
    const { counters, suspects } = this.parts;
    counters.failed++;
    job.failures++;
    this.warn(job, error);
    if (job.acknowledgement.letter || (suspects.isSuspect(job) && error.wasAlone)) {
      suspects.clear(job);
      this.pause.noteFailure(error.message);
      return this.bury(job, error);
    }
    counters.retries++;
    this.note(job, 0);
    this.runAlone(job);
    this.schedule();
  }

  private note(job: Job, inMs: number): void {
    const { attempts, watch } = this.parts;
    attempts.note(job, inMs, watch.records());
  }

  private runAlone(job: Job): void {
    this.parts.suspects.suspect(job, this);
    this.queue.putFirst(job);
  }

  private failed(job: Job, failure: Failure): void {
    const { counters } = this.parts;
    const { rules } = job.handler;
    if (failure.fault === 'hub') return this.waitFor(ENGINE_PAUSE_MS, () => this.queue.putBack(job));
    counters.failed++;
    job.failures++;
    this.warn(job, failure.error);
    this.pause.noteFailure(messageOf(failure.error));
    const isLast = failure.fault === 'final' || job.failures > rules.retry.times || job.acknowledgement.letter;
    if (isLast) return this.bury(job, failure.error);
    counters.retries++;
    const pauseMs = pauseBefore(rules.retry, job.failures);
    this.note(job, pauseMs);
    this.waitFor(pauseMs, () => this.queue.putBack(job));
  }

  /** Puts it among the dead letters; its key stands still until that is committed. */
  private bury(job: Job, error: unknown): void {
    this.inHand++;
    this.parts.burial.bury(job, error, (isBuried) => {
      if (this.isStopped) return;
      this.inHand--;
      if (isBuried) this.release(job);
      else this.waitFor(ENGINE_PAUSE_MS, () => this.bury(job, error));
      this.schedule();
    });
  }

  private waitFor(ms: number, go: () => void): void {
    this.pauses.after(ms, () => {
      go();
      this.schedule();
    });
  }

  private release(job: Job): void {
    this.parts.attempts.forget(job);
    this.queue.release(job);
    if (this.queue.size < this.parts.limits.maxQueuedEvents / 2) this.parts.hasRoom();
  }

  private warn(job: Job, error: unknown): void {
    const { handler, input, subject } = job;
    const sentence = `${handler.name} failed for ${describeInput(input)}: ${messageOf(error)}`;
    const facts = { device: subject, attempt: job.failures, error };
    const { decisions, warnings, clock } = this.parts;
    decisions.note(job, clock.now(), { is: 'failed', effects: 0, reason: messageOf(error) });
    warnings.warn(`${handler.name} failed`, facts, sentence);
  }

  private schedule(): void {
    if (this.isScheduled || this.queue.size === 0) return this.tellIdle();
    this.isScheduled = true;
    setImmediate(() => this.run());
  }

  private run(): void {
    this.isScheduled = false;
    for (let i = 0; i < TURNS_PER_TICK && !this.isStopped; i++) {
      if (!this.mayBegin() || !this.pause.letThrough()) return this.tellIdle();
      const job = this.queue.take();
      if (!job) return this.tellIdle();
      this.inHand++;
      if (this.parts.attempts.hasKept) this.beginAgain(job);
      else this.begin(job);
    }
    this.schedule();
  }

  private begin(job: Job): void {
    const { watch } = this.parts;
    if (job.isUnderSuspicion) watch.try(job, () => this.runner.run(job));
    else if (watch.isOn) watch.begin(job, () => this.runner.run(job));
    else this.runner.run(job);
  }

  /** It may have failed before the hub was started: it goes on from there. */
  private beginAgain(job: Job): void {
    const { attempts, now } = this.parts;
    const before = attempts.recall(job);
    if (!before) return this.begin(job);
    const comeback = comebackOf(job, before, now());
    if (comeback.is === 'waits' && comeback.ms <= 0) return this.begin(job);
    this.inHand--;
    switch (comeback.is) {
      case 'waits':
        return this.waitFor(comeback.ms, () => this.queue.putBack(job));
      case 'buried':
        return this.bury(job, comeback.error);
      case 'alone':
        job.isUnderSuspicion = true;
        this.warn(job, new Error(comeback.reason));
        return this.runAlone(job);
    }
  }

  private mayBegin(): boolean {
    const { concurrency, host, suspects } = this.parts;
    return !this.isFinishing && this.inHand < concurrency && host.isReady && suspects.mayBegin(this);
  }

  private tellIdle(): void {
    const hasEnded = this.isFinishing || this.isStopped;
    const goesOn = this.queue.size > 0 && this.parts.host.isReady && !this.isPaused && !hasEnded;
    if (!this.whenIdle || this.inHand > 0 || goesOn) return;
    this.whenIdle();
    this.whenIdle = undefined;
  }
}

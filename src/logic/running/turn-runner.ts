import { HubError } from '../../channels/hub-error.js';
import { andThen, recover } from '../../channels/maybe-promise.js';
import { isConflict } from '../../devices/registry/retry-on-conflict.js';
import { EngineError } from '../../engine/message-log.js';
import type { RecordTable } from '../../engine/record-table.js';
import type { Logger } from '../../telemetry/logger.js';
import { inZone } from '../plugin-zone.js';
import { STATE } from '../store/tables.js';
import type { Usage } from '../store/usage.js';
import type { Effect } from './effects.js';
import type { Histogram } from './histogram.js';
import type { Job } from './job.js';
import { OpenTurn, type TurnOwner, type TurnResult } from './open-turn.js';
import type { ReaderSurroundings } from './reader-surroundings.js';
import type { Committed, TurnCommits } from './turn-commits.js';
import { describeInput } from './turn-input.js';
import { valueFor } from './turn-value.js';

/** How a turn went: done with, to be run again at once, or failed. */
export type TurnEnd = { readonly is: 'done' } | { readonly is: 'again' } | Failure;

export interface Failure {
  readonly is: 'failed';
  readonly error: unknown;
  /** `plugin`: may go better next time; `final`: cannot; `hub`: the plugin has nothing to do with it */
  readonly fault: 'plugin' | 'final' | 'hub';
}

export interface RunnerParts extends ReaderSurroundings {
  readonly plugin: string;
  readonly commits: TurnCommits;
  readonly usage: Usage;
  readonly durations: Histogram;
  readonly timerNames: ReadonlySet<string>;
  readonly outboxNames: ReadonlySet<string>;
  /** A turn was committed that may have set timers or put something into the outbox. */
  committed(committed: Committed): void;
}

/** Changes of others that may come before one turn's commit, one after the other; then it counts as failed. */
const MAX_CONFLICTS = 20;
const DONE: TurnEnd = { is: 'done' };
const AGAIN: TurnEnd = { is: 'again' };

/** Calls handlers: one call, one turn, one commit. */
export class TurnRunner implements TurnOwner {
  readonly plugin: string;
  readonly maxEffects: number;
  readonly logger: Logger;
  readonly state: RecordTable;
  readonly timerNames: ReadonlySet<string>;
  readonly outboxNames: ReadonlySet<string>;
  /** turns whose handler has not resolved yet */
  private readonly open = new Set<OpenTurn>();
  /** turns that were given up, and whose handlers still run */
  private abandoned = 0;
  private isStopped = false;

  /** @param end called once for each job, at once or later, and not after `stop` */
  constructor(
    private readonly parts: RunnerParts,
    private readonly end: (job: Job, end: TurnEnd) => void,
  ) {
    this.plugin = parts.plugin;
    this.maxEffects = parts.limits.maxEffectsPerTurn;
    this.logger = parts.logger;
    this.state = parts.commits.engine.table(STATE);
    this.timerNames = parts.timerNames;
    this.outboxNames = parts.outboxNames;
  }

  get openTurns(): number {
    return this.open.size;
  }

  run(job: Job): void {
    const value = valueFor(job);
    if (!value.isValid) return this.noteInvalid(job, value.fault);
    const turn = new OpenTurn(this, job);
    turn.startedAt = this.parts.clock.uptime();
    try {
      const result = inZone(this.parts.zone, job.handler.call, value.data, turn);
      if (isThenable(result)) this.wait(turn, Promise.resolve(result));
      else this.finish(turn);
    } catch (error) {
      this.fail(turn, error);
    }
  }

  /** The handler goes on, and nobody listens: what it has asked for is not done. */
  giveUp(turn: OpenTurn): void {
    const { counters, limits } = this.parts;
    const { handler } = turn.job;
    counters.timedOut++;
    this.abandon(turn);
    const error = new Error(`it was given up: it took more than ${handler.rules.timeoutMs / 1000} s`);
    this.end(turn.job, { is: 'failed', error, fault: 'plugin' });
    if (this.abandoned <= limits.maxAbandonedTurns) return;
    this.parts.fail(`${this.abandoned} turns of the plugin were given up and have never ended.`);
  }

  stop(): void {
    this.isStopped = true;
    this.parts.counters.timedOut += this.open.size;
    for (const turn of this.open) this.abandon(turn);
  }

  private wait(turn: OpenTurn, result: Promise<unknown>): void {
    this.open.add(turn);
    this.parts.wheel.arm(turn, turn.job.handler.rules.timeoutMs);
    result.then(
      () => this.settle(turn, () => this.finish(turn)),
      (error: unknown) => this.settle(turn, () => this.fail(turn, error)),
    );
  }

  private settle(turn: OpenTurn, go: () => void): void {
    if (!this.open.delete(turn)) {
      this.abandoned--;
      return;
    }
    this.parts.wheel.disarm(turn);
    go();
  }

  private finish(turn: OpenTurn): void {
    const { durations, clock } = this.parts;
    durations.add(clock.uptime() - turn.startedAt);
    const result = turn.close();
    const { acknowledgement } = turn.job;
    if (result.effects.length > 0 || acknowledgement.isOwed) return this.commit(turn, result);
    this.noteTurn(result);
    acknowledgement.settle(false);
    this.tell(turn.job, DONE);
  }

  private commit(turn: OpenTurn, result: TurnResult): void {
    const { parts } = this;
    const { handler, acknowledgement } = turn.job;
    const outcome = {
      ...{ plugin: parts.plugin, effects: result.effects, cause: turn.cause, usage: parts.usage },
      ...{ records: acknowledgement.records(), maxStateBytes: handler.permissions.maxStateBytes },
      takenTimer: acknowledgement.takenTimer,
    };
    recover(
      () =>
        andThen(parts.commits.commit(outcome), (committed) => {
          this.noteTurn(result);
          acknowledgement.settle(true);
          parts.committed(committed);
          this.tell(turn.job, DONE);
        }),
      (error) => this.refused(turn, error),
    );
  }

  /** Nothing of the turn was committed: because of others, because it had been before, or because it cannot be. */
  private refused(turn: OpenTurn, error: unknown): void {
    if (!isConflict(error)) return this.fail(turn, error);
    const { job } = turn;
    recover(
      () =>
        andThen(job.acknowledgement.isSettled(), (isSettled) => {
          if (isSettled) {
            turn.abandon();
            job.acknowledgement.settle(true);
            return this.tell(job, DONE);
          }
          if (++job.conflicts > MAX_CONFLICTS) return this.fail(turn, error);
          this.parts.counters.conflicts++;
          turn.abandon();
          this.tell(job, AGAIN);
        }),
      (fault) => this.fail(turn, fault),
    );
  }

  private fail(turn: OpenTurn, error: unknown): void {
    turn.abandon();
    this.tell(turn.job, { is: 'failed', error, fault: faultOf(error) });
  }

  private tell(job: Job, end: TurnEnd): void {
    if (!this.isStopped) this.end(job, end);
  }

  private noteTurn({ effects, skipped }: TurnResult): void {
    const { counters } = this.parts;
    counters.turns++;
    if (skipped !== undefined) counters.skipped++;
    for (const { kind } of effects as readonly Effect[]) {
      if (kind === 'command') counters.commands++;
      else if (kind === 'message') counters.messages++;
    }
  }

  /** A payload that its class did not let pass: nobody is called for it, now or later. */
  private noteInvalid(job: Job, fault: string): void {
    const { counters, warnings } = this.parts;
    counters.invalid++;
    const { handler, input, subject } = job;
    const sentence = `${handler.name} was not called for ${describeInput(input)}, whose payload is wrong: ${fault}.`;
    warnings.warn(`${handler.name} invalid`, { device: subject }, sentence);
    // A dead letter stays one.
    if (job.acknowledgement.isOwed) return this.tell(job, { is: 'failed', error: new Error(fault), fault: 'final' });
    job.acknowledgement.settle(false);
    this.tell(job, DONE);
  }

  private abandon(turn: OpenTurn): void {
    turn.abandon();
    this.open.delete(turn);
    this.parts.wheel.disarm(turn);
    this.abandoned++;
  }
}

/** What the hub refused because of what was asked for will be refused again. */
function faultOf(error: unknown): Failure['fault'] {
  if (error instanceof EngineError) return error.code === 'engine_unavailable' ? 'hub' : 'plugin';
  return error instanceof HubError && !error.retryable ? 'final' : 'plugin';
}

/** @throws what a hostile `then` throws */
function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && typeof (value as PromiseLike<unknown>).then === 'function';
}

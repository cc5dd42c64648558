import type { Deadlined } from '../../channels/deadline-wheel.js';
import { HubError } from '../../channels/hub-error.js';
import { andThen, isPromise, recover } from '../../channels/maybe-promise.js';
import { isConflict } from '../../devices/registry/retry-on-conflict.js';
import { EngineError } from '../../engine/message-log.js';
import type { Usage } from '../store/usage.js';
import { type BegunTurn, type HandlerHost, HostEnded, PayloadFault, type TurnResult } from './handler-host.js';
import type { Histogram } from './histogram.js';
import type { Job } from './job.js';
import type { ReaderSurroundings } from './reader-surroundings.js';
import type { Commits, Committed, TurnOutcome } from './turn-commits.js';
import type { Failure, TurnEnd } from './turn-end.js';
import { describeInput } from './turn-input.js';

export interface RunnerParts extends ReaderSurroundings {
  readonly plugin: string;
  readonly commits: Commits;
  readonly usage: Usage;
  readonly durations: Histogram;
  readonly host: HandlerHost;
  /** A turn was committed that may have set timers or put something into the outbox. */
  committed(committed: Committed): void;
}

/** Changes of others that may come before one turn's commit, one after the other; then it counts as failed. */
const MAX_CONFLICTS = 20;
const DONE: TurnEnd = { is: 'done' };
const AGAIN: TurnEnd = { is: 'again' };

/** Has handlers called: one call, one turn, one commit. */
export class TurnRunner {
  /** turns whose handler has not resolved yet */
  private readonly open: OpenCall[] = [];
  /** turns that were given up, and whose handlers still run */
  private abandoned = 0;
  private isStopped = false;

  /** @param end called once for each job, at once or later, and not after `stop` */
  constructor(
    private readonly parts: RunnerParts,
    private readonly end: (job: Job, end: TurnEnd) => void,
  ) {}

  get openTurns(): number {
    return this.open.length;
  }

  run(job: Job): void {
    const { missing } = job.handler;
    if (missing !== undefined) return this.fail(job, new HubError('plugin_failed', missing));
    const startedAt = this.parts.clock.uptime();
    let turn: BegunTurn;
    try {
      turn = this.parts.host.begin(job);
    } catch (error) {
      return this.fail(job, error);
    }
    if (turn.ended) this.wait(new OpenCall(this, job, turn, startedAt), turn.ended);
    else this.finish(job, turn, startedAt);
  }

  /** Its time is over. A host that is stuck is ended with all its turns: another turn than this one may be why. */
  timeIsOver(call: OpenCall): void {
    const { turn } = call;
    if (!turn.askHost) return this.giveUp(call);
    turn.askHost(() => {
      if (this.open[call.index] === call) this.giveUp(call);
    });
  }

  /** The handler goes on, and nobody listens: what it has asked for is not done. */
  private giveUp(call: OpenCall): void {
    const { counters, limits } = this.parts;
    const { job } = call;
    counters.timedOut++;
    const reason = this.abandon(call);
    const error = reason ?? new Error(`it was given up: it took more than ${job.handler.rules.timeoutMs / 1000} s`);
    this.end(job, { is: 'failed', error, fault: faultOf(error) });
    if (this.abandoned <= limits.maxAbandonedTurns) return;
    this.parts.fail(`${this.abandoned} turns of the plugin were given up and have never ended.`);
  }

  stop(): void {
    this.isStopped = true;
    this.parts.counters.timedOut += this.open.length;
    for (const call of [...this.open]) this.abandon(call);
  }

  private wait(call: OpenCall, ended: Promise<unknown>): void {
    const { job, turn } = call;
    call.index = this.open.push(call) - 1;
    this.parts.wheel.arm(call, job.handler.rules.timeoutMs);
    ended.then(
      () => {
        if (this.close(call)) this.finish(job, turn, call.startedAt);
      },
      (error: unknown) => {
        if (this.close(call)) this.failTurn(job, turn, error);
      },
    );
  }

  /** @returns false when it was given up before */
  private close(call: OpenCall): boolean {
    if (!this.leave(call)) {
      this.abandoned--;
      return false;
    }
    this.parts.wheel.disarm(call);
    return true;
  }

  /** Takes it out of the open ones, if it is among them. */
  private leave(call: OpenCall): boolean {
    const { open } = this;
    const { index } = call;
    if (open[index] !== call) return false;
    const last = open.pop() as OpenCall;
    if (last !== call) {
      open[index] = last;
      last.index = index;
    }
    call.index = -1;
    return true;
  }

  private finish(job: Job, turn: BegunTurn, startedAt: number): void {
    const { durations, clock } = this.parts;
    durations.add(clock.uptime() - startedAt);
    const result = turn.close();
    const { acknowledgement } = job;
    if (result.effects.length > 0 || acknowledgement.isOwed) return this.commit(job, turn, result);
    this.noteTurn(job, result);
    acknowledgement.settle(false);
    this.tell(job, DONE, turn);
  }

  private commit(job: Job, turn: BegunTurn, result: TurnResult): void {
    const { parts } = this;
    const { handler, acknowledgement } = job;
    const outcome: TurnOutcome = {
      plugin: parts.plugin,
      effects: result.effects,
      cause: job.causeFor(parts.plugin),
      usage: parts.usage,
      records: acknowledgement.records(),
      maxStateBytes: handler.permissions.maxStateBytes,
      takenTimer: acknowledgement.takenTimer,
    };
    try {
      const committed = parts.commits.commit(outcome);
      if (isPromise(committed)) this.settleLater(job, turn, result, committed);
      else this.settle(job, turn, result, committed);
    } catch (error) {
      this.refused(job, turn, error);
    }
  }

  private settleLater(job: Job, turn: BegunTurn, result: TurnResult, committed: Promise<Committed>): void {
    committed
      .then((known) => this.settle(job, turn, result, known))
      .catch((error: unknown) => this.refused(job, turn, error));
  }

  private settle(job: Job, turn: BegunTurn, result: TurnResult, committed: Committed): void {
    this.noteTurn(job, result);
    job.acknowledgement.settle(true, committed.revision);
    this.parts.committed(committed);
    this.tell(job, DONE, turn);
  }

  /** Nothing of the turn was committed: because of others, because it had been before, or because it cannot be. */
  private refused(job: Job, turn: BegunTurn, error: unknown): void {
    if (!isConflict(error)) return this.failTurn(job, turn, error);
    recover(
      () =>
        andThen(job.acknowledgement.isSettled(), (isSettled) => {
          if (isSettled) {
            turn.abandon();
            job.acknowledgement.settle(true);
            return this.tell(job, DONE, turn);
          }
          if (++job.conflicts > MAX_CONFLICTS) return this.failTurn(job, turn, error);
          this.parts.counters.conflicts++;
          turn.abandon();
          this.tell(job, AGAIN, turn);
        }),
      (fault) => this.failTurn(job, turn, fault),
    );
  }

  private failTurn(job: Job, turn: BegunTurn, error: unknown): void {
    turn.abandon();
    this.fail(job, error, turn);
  }

  private fail(job: Job, error: unknown, turn?: BegunTurn): void {
    if (error instanceof PayloadFault) return this.noteInvalid(job, error.message);
    this.tell(job, { is: 'failed', error, fault: faultOf(error) }, turn);
  }

  private tell(job: Job, end: TurnEnd, turn?: BegunTurn): void {
    turn?.told?.(end);
    if (!this.isStopped) this.end(job, end);
  }

  private noteTurn(job: Job, { effects, skipped }: TurnResult): void {
    const { counters, decisions, clock } = this.parts;
    counters.turns++;
    const is = skipped === undefined ? 'done' : 'skipped';
    decisions.note(job, clock.now(), { is, effects: effects.length, reason: skipped ?? '' });
    if (skipped !== undefined) counters.skipped++;
    for (const { kind } of effects) {
      if (kind === 'command') counters.commands++;
      else if (kind === 'job') counters.jobs++;
      else if (kind === 'message') counters.messages++;
    }
  }

  /** A payload that its class did not let pass: nobody is called for it, now or later. */
  private noteInvalid(job: Job, fault: string): void {
    const { counters, decisions, warnings, clock } = this.parts;
    counters.invalid++;
    decisions.note(job, clock.now(), { is: 'invalid', effects: 0, reason: fault });
    const { handler, input, subject } = job;
    const sentence = `${handler.name} was not called for ${describeInput(input)}, whose payload is wrong: ${fault}.`;
    warnings.warn(`${handler.name} invalid`, { device: subject }, sentence);
    // A dead letter stays one.
    if (job.acknowledgement.isOwed) return this.tell(job, { is: 'failed', error: new Error(fault), fault: 'final' });
    job.acknowledgement.settle(false);
    this.tell(job, DONE);
  }

  private abandon(call: OpenCall): Error | undefined {
    const { turn } = call;
    this.leave(call);
    this.parts.wheel.disarm(call);
    this.abandoned++;
    if (turn.timeOut) return turn.timeOut();
    turn.abandon();
    return undefined;
  }
}

/** A turn that is open, until its time is over. */
class OpenCall implements Deadlined {
  dueAt = 0;
  wheelSlot = -1;
  wheelIndex = 0;

  /** its place among the open ones; -1: it is not one of them */
  index = -1;

  constructor(
    private readonly runner: Pick<TurnRunner, 'timeIsOver'>,
    readonly job: Job,
    readonly turn: BegunTurn,
    /** ms of Clock.uptime */
    readonly startedAt: number,
  ) {}

  expire(): void {
    this.runner.timeIsOver(this);
  }
}

/** What the hub refused because of what was asked for will be refused again. */
function faultOf(error: unknown): Failure['fault'] {
  if (error instanceof HostEnded) return 'host';
  if (error instanceof EngineError) return error.code === 'engine_unavailable' ? 'hub' : 'plugin';
  return error instanceof HubError && !error.retryable ? 'final' : 'plugin';
}

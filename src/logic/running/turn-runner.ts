import { HubError } from '../../channels/hub-error.js';
import { andThen, isPromise, recover } from '../../channels/maybe-promise.js';
import { isConflict } from '../../devices/registry/retry-on-conflict.js';
import { EngineError } from '../../engine/message-log.js';
import type { Usage } from '../store/usage.js';
import { type BegunTurn, type HandlerHost, HostEnded, PayloadFault, type TurnResult } from './handler-host.js';
import type { Histogram } from './histogram.js';
import type { Job } from './job.js';
import { type OpenCall, OpenCalls } from './open-calls.js';
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
  private readonly calls: OpenCalls;
  private isStopped = false;

  /** @param end called once for each job, at once or later, and not after `stop` */
  constructor(
    private readonly parts: RunnerParts,
    private readonly end: (job: Job, end: TurnEnd) => void,
  ) {
    this.calls = new OpenCalls(parts.wheel, (call) => this.timeIsOver(call));
  }

  get openTurns(): number {
    return this.calls.size;
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
    if (turn.ended) this.wait(this.calls.add(job, turn, startedAt), turn.ended);
    else this.finish(job, turn, startedAt);
  }

  stop(): void {
    this.isStopped = true;
    this.parts.counters.timedOut += this.calls.size;
    this.calls.giveUpAll();
  }

  private wait(call: OpenCall, ended: Promise<unknown>): void {
    const { job, turn } = call;
    ended.then(
      () => {
        if (this.calls.close(call)) this.finish(job, turn, call.startedAt);
      },
      (error: unknown) => {
        if (this.calls.close(call)) this.failTurn(job, turn, error);
      },
    );
  }

  /** A host that is stuck is ended with all its turns: another turn than this one may be why. */
  private timeIsOver(call: OpenCall): void {
    const { turn } = call;
    if (!turn.askHost) return this.giveUp(call);
    turn.askHost(() => {
      if (this.calls.has(call)) this.giveUp(call);
    });
  }

  private giveUp(call: OpenCall): void {
    const { counters, limits } = this.parts;
    const { job } = call;
    counters.timedOut++;
    const reason = this.calls.giveUp(call);
    const error = reason ?? new Error(`it was given up: it took more than ${job.handler.rules.timeoutMs / 1000} s`);
    this.end(job, { is: 'failed', error, fault: faultOf(error) });
    const { abandoned } = this.calls;
    if (abandoned <= limits.maxAbandonedTurns) return;
    this.parts.fail(`${abandoned} turns of the plugin were given up and have never ended.`);
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
}

/** What the hub refused because of what was asked for will be refused again. */
function faultOf(error: unknown): Failure['fault'] {
  if (error instanceof HostEnded) return 'host';
  if (error instanceof EngineError) return error.code === 'engine_unavailable' ? 'hub' : 'plugin';
  return error instanceof HubError && !error.retryable ? 'final' : 'plugin';
}

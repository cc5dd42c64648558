import type { Clock } from '../../channels/clock.js';
import type { Commits } from '../../channels/commits.js';
import type { Deadlined, DeadlineWheel } from '../../channels/deadline-wheel.js';
import type { FaultLog } from '../../channels/fault-log.js';
import { HubError } from '../../channels/hub-error.js';
import { andThen, isPromise, recover } from '../../channels/maybe-promise.js';
import type { PollEnd } from '../../channels/parked-polls.js';
import type { ChangeSet, Commit } from '../../engine/engine.js';
import { EngineError, type MaybePromise } from '../../engine/message-log.js';
import type { CommandRules } from '../command-rules.js';
import type { Command } from '../life/command.js';
import { Turns } from '../turns.js';
import type { CommandPoll } from './command-poll.js';
import { Deliveries } from './deliveries.js';
import type { Outgoing } from './device-polls.js';
import { dropQueue } from './drop-queue.js';
import { EndListeners } from './end-listeners.js';
import type { TokenLocks } from './locks.js';
import { QueueChange } from './queue-change.js';
import { type QueueState, readQueue } from './queue-state.js';

/** What the queues of a hub share. */
export interface QueueParts {
  readonly commits: Commits;
  readonly clock: Clock;
  readonly wheel: DeadlineWheel;
  readonly rules: CommandRules;
  readonly locks: TokenLocks;
  readonly faults: FaultLog;
  /** from 0 up to 1 */
  readonly random: () => number;
  /** Told of a job once news for it are committed. */
  readonly onJobNews: (job: string) => void;
  /** Told how many more ended commands are kept. */
  readonly endedMore: (difference: number) => void;
  /** Nobody needs the queue in memory any more. */
  readonly close: (queue: DeviceQueue) => void;
}

/** What a job does to the queue. */
type Decide<T> = (change: QueueChange) => MaybePromise<T>;
type MakeCommit = (changes: ChangeSet) => MaybePromise<Commit>;

/** A change on its way to its commit, and how that is made; undefined: alone. */
interface UnderWay {
  readonly change: QueueChange;
  readonly commit: MakeCommit | undefined;
  /** deliveries that it tells of */
  readonly told: number;
  leased: readonly Outgoing[];
}

/** How long a queue that nobody waits for stays in memory. */
const IDLE_MS = 30_000;

/**
 * The queue of one device, in memory while somebody waits for it: its jobs run one after the other, each decides on what
 * the one before has committed, and what it decides is one commit. Its records are all that counts; it is read anew
 * after a commit that failed, and can be closed whenever nobody waits.
 */
export class DeviceQueue implements Deadlined {
  dueAt = 0;
  wheelSlot = -1;
  wheelIndex = 0;
  private readonly turns = new Turns();
  /** undefined: to be read */
  private state: QueueState | undefined;
  private readonly ends = new EndListeners();
  private readonly deliveries: Deliveries;

  constructor(
    readonly device: string,
    private readonly parts: QueueParts,
  ) {
    this.deliveries = new Deliveries(device, parts.locks, () => this.inBackground(() => {}));
  }

  /** True when nobody would notice that it is read anew. */
  get isClosable(): boolean {
    return !this.isWaitedFor && this.turns.isIdle;
  }

  /** polls that wait */
  get polls(): number {
    return this.deliveries.polls.size;
  }

  /**
   * Runs a job on the queue, and gives what is ready then to the polls that wait. All of it is committed, or nothing.
   * @param commit makes the changes, alone or together with others; the queue stands still until it is done
   * @throws what `decide` throws; HubError `channel_limit`; EngineError
   */
  change<T>(decide: Decide<T>, commit?: MakeCommit): MaybePromise<T> {
    return this.turns.run(() => this.changeNow(decide, commit));
  }

  /**
   * A device asks for commands. Its lock says which ones it has; what else its session was sent was lost on the way, and
   * is given again.
   * @returns when it has been looked at: it is answered then, or waits
   */
  poll(poll: CommandPoll): MaybePromise<void> {
    if (!this.deliveries.polls.enter(poll)) return;
    poll.waitsIn = this;
    return recover(
      () => this.change((change) => this.deliveries.admit(poll, change)),
      (error) => {
        this.deliveries.polls.hasEntered(poll);
        poll.finish(HubError.from(error));
      },
    );
  }

  /** A waiting poll has been answered without a command, or its client has left. */
  leave(poll: CommandPoll): void {
    this.deliveries.polls.leave(poll);
    this.arm();
  }

  /** Ends the polls that wait. Returns how many. */
  endPolls(reason: PollEnd | HubError): number {
    const ended = this.deliveries.polls.end(reason);
    this.arm();
    return ended;
  }

  /** Deletes the queue with all its commands, and ends its polls. */
  async drop(): Promise<void> {
    this.endPolls('gone');
    await this.turns.run(async () => {
      this.state = undefined;
      const jobs = await dropQueue(this.parts.commits, this.device, (count) => this.parts.endedMore(-count));
      for (const job of jobs) this.parts.onJobNews(job);
      this.arm();
    });
  }

  /** One of its ended commands was deleted. */
  forgotOne(): void {
    if (this.state) this.state.ended--;
  }

  /** Calls `listener` when the command ends, until the returned function is called. */
  whenEnded(id: string, listener: (command: Command) => void): () => void {
    const forget = this.ends.add(id, listener);
    return () => {
      forget();
      this.arm();
    };
  }

  /** Its deadline on the wheel: something is due, or nobody has needed it for a while. */
  expire(): void {
    const next = this.nextAt();
    const isDue = next !== undefined && next <= this.parts.clock.now();
    if (!isDue && this.isClosable) return this.parts.close(this);
    this.inBackground(() => {});
  }

  /*
   * The steps of a change. Each goes on at once when what it waited for is here, and makes functions for later only when it
   * is not: in memory a command takes ten such steps.
   */

  private changeNow<T>(decide: Decide<T>, commit: MakeCommit | undefined): MaybePromise<T> {
    let done: MaybePromise<T>;
    try {
      done = this.state ? this.carryOut(this.state, decide, commit) : this.readFirst(decide, commit);
    } catch (error) {
      return this.refuse(error);
    }
    return isPromise(done) ? done.catch((error: unknown) => this.refuse(error)) : done;
  }

  private refuse(error: unknown): never {
    this.arm();
    throw error;
  }

  private readFirst<T>(decide: Decide<T>, commit: MakeCommit | undefined): MaybePromise<T> {
    return andThen(readQueue(this.parts.commits.engine, this.device), (state) => {
      this.state = state;
      return this.carryOut(state, decide, commit);
    });
  }

  private carryOut<T>(state: QueueState, decide: Decide<T>, commit: MakeCommit | undefined): MaybePromise<T> {
    const { clock, rules, random } = this.parts;
    const change = new QueueChange(state, clock.now(), rules, random);
    const underWay: UnderWay = { change, commit, told: this.deliveries.untold, leased: NOTHING };
    const result = this.decided(change, decide);
    return isPromise(result) ? result.then((known) => this.conclude(underWay, known)) : this.conclude(underWay, result);
  }

  /** Takes account of deliveries and of the time, and lets the job decide. When that fails nothing has changed. */
  private decided<T>(change: QueueChange, decide: Decide<T>): MaybePromise<T> {
    let result: MaybePromise<T>;
    try {
      this.deliveries.tell(change);
      change.passTime();
      const decided = decide(change);
      result = isPromise(decided)
        ? decided.then((known) => this.withoutOldest(change, known))
        : this.withoutOldest(change, decided);
    } catch (error) {
      return undo(change, error);
    }
    return isPromise(result) ? result.catch((error: unknown) => undo(change, error)) : result;
  }

  private withoutOldest<T>(change: QueueChange, result: T): MaybePromise<T> {
    const forgotten = change.forgetOldest(this.parts.commits.engine);
    return forgotten ? forgotten.then(() => result) : result;
  }

  private conclude<T>(underWay: UnderWay, result: T): MaybePromise<T> {
    const { change } = underWay;
    underWay.leased = this.deliveries.lease(change);
    change.planWake();
    if (change.isEmpty) {
      this.arm();
      this.deliveries.told(underWay.told);
      return result;
    }
    const committed = this.commit(underWay);
    if (isPromise(committed)) return committed.then((commit) => this.settle(underWay, commit, result));
    return this.settle(underWay, committed, result);
  }

  private commit(underWay: UnderWay): MaybePromise<Commit> {
    const { change, commit } = underWay;
    let committed: MaybePromise<Commit>;
    try {
      const changes = change.toChangeSet();
      committed = commit ? commit(changes) : this.parts.commits.commit(changes);
    } catch (error) {
      return this.abort(underWay, error);
    }
    return isPromise(committed) ? committed.catch((error: unknown) => this.abort(underWay, error)) : committed;
  }

  /** Tells of what is committed. */
  private settle<T>({ change, leased, told }: UnderWay, { revision }: Commit, result: T): T {
    for (const job of change.jobs) this.parts.onJobNews(job);
    this.parts.endedMore(change.endedMore);
    for (const command of change.settle(revision)) this.ends.tell(command);
    for (const outgoing of leased) this.deliveries.hand(outgoing);
    this.arm();
    this.deliveries.told(told);
    return result;
  }

  /** A change that nobody waits for. When it fails the lease ends by its time, which is in the records. */
  private inBackground(decide: (change: QueueChange) => void): void {
    recover(
      () => this.change(decide),
      (error) => this.parts.faults.note(error, { part: 'commands' }),
    );
  }

  /**
   * Nothing was committed: what counts is read anew. The polls that were to be served are told, unless it was the fault of
   * what was to be committed together with this: then they go on waiting.
   */
  private abort({ leased, commit }: UnderWay, error: unknown): never {
    this.state = undefined;
    if (commit && isRefusal(error)) {
      this.deliveries.polls.parkAgain(leased);
      // What lay ready for these polls before is still there.
      this.inBackground(() => {});
    } else this.deliveries.giveUp(leased, error);
    throw error;
  }

  /** When the queue must be looked at next while it is in memory, unix ms. */
  private nextAt(): number | undefined {
    const { state, parts } = this;
    if (!state) return undefined;
    const deadline = state.nextDeadline;
    if (this.deliveries.polls.waiting === 0) return deadline;
    const ready = state.lanes.nextReady(parts.clock.now());
    if (deadline === undefined || ready === undefined) return deadline ?? ready;
    return Math.min(deadline, ready);
  }

  private get isWaitedFor(): boolean {
    return this.polls > 0 || !this.ends.isEmpty;
  }

  private arm(): void {
    const { wheel, clock } = this.parts;
    const next = this.nextAt();
    const untilNext = next === undefined ? Number.POSITIVE_INFINITY : Math.max(next - clock.now(), 0);
    const inMs = this.isWaitedFor ? untilNext : Math.min(untilNext, IDLE_MS);
    if (inMs === Number.POSITIVE_INFINITY) wheel.disarm(this);
    else wheel.arm(this, inMs);
  }
}

const NOTHING: readonly Outgoing[] = [];

function undo(change: QueueChange, error: unknown): never {
  change.undo();
  throw error;
}

/** True for what the engine was not asked for, or did not do because somebody else came first. */
function isRefusal(error: unknown): boolean {
  if (error instanceof EngineError) return error.code === 'revision_conflict';
  return error instanceof HubError && error.code === 'queue_full';
}

import type { Clock } from '../../channels/clock.js';
import type { Commits } from '../../channels/commits.js';
import type { Deadlined, DeadlineWheel } from '../../channels/deadline-wheel.js';
import type { FaultLog } from '../../channels/fault-log.js';
import { HubError } from '../../channels/hub-error.js';
import { andThen, recover } from '../../channels/maybe-promise.js';
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

/** A change that is about to be committed, and how. */
interface Decided {
  readonly change: QueueChange;
  readonly leased: readonly Outgoing[];
  readonly commit: MakeCommit;
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
  private endListeners: Map<string, Set<(command: Command) => void>> | undefined;
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
  change<T>(decide: Decide<T>, commit: MakeCommit = this.commitAlone): MaybePromise<T> {
    return this.turns.run(() =>
      recover(
        () => andThen(this.read(), (state) => this.carryOut(state, decide, commit)),
        (error): never => {
          this.arm();
          throw error;
        },
      ),
    );
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
    this.endListeners ??= new Map();
    const listeners = this.endListeners.get(id) ?? new Set();
    this.endListeners.set(id, listeners.add(listener));
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0) this.endListeners?.delete(id);
      if (this.endListeners?.size === 0) this.endListeners = undefined;
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

  private read(): MaybePromise<QueueState> {
    if (this.state) return this.state;
    return andThen(readQueue(this.parts.commits.engine, this.device), (state) => {
      this.state = state;
      return state;
    });
  }

  private readonly commitAlone: MakeCommit = (changes) => this.parts.commits.commit(changes);

  private carryOut<T>(state: QueueState, decide: Decide<T>, commit: MakeCommit): MaybePromise<T> {
    const { clock, rules, random } = this.parts;
    const change = new QueueChange(state, clock.now(), rules, random);
    const told = this.deliveries.untold;
    return andThen(this.decided(change, decide), (result) => {
      const leased = this.deliveries.lease(change);
      change.planWake();
      return andThen(this.commit({ change, leased, commit }), () => {
        this.deliveries.told(told);
        return result;
      });
    });
  }

  /** Takes account of deliveries and of the time, and lets the job decide. When that fails nothing has changed. */
  private decided<T>(change: QueueChange, decide: Decide<T>): MaybePromise<T> {
    return recover(
      () => {
        this.deliveries.tell(change);
        change.passTime();
        return andThen(decide(change), (result) => {
          const forgotten = change.forgetOldest(this.parts.commits.engine);
          return forgotten ? forgotten.then(() => result) : result;
        });
      },
      (error): never => {
        change.undo();
        throw error;
      },
    );
  }

  private commit({ change, leased, commit }: Decided): MaybePromise<void> {
    if (change.isEmpty) return this.arm();
    const committed = recover(
      () => commit(change.toChangeSet()),
      (error) => this.abort(leased, error, commit !== this.commitAlone),
    );
    return andThen(committed, ({ revision }) => {
      for (const job of change.jobs) this.parts.onJobNews(job);
      this.parts.endedMore(change.endedMore);
      for (const command of change.settle(revision)) this.tellEnd(command);
      for (const outgoing of leased) this.deliveries.hand(outgoing);
      this.arm();
    });
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
  private abort(leased: readonly Outgoing[], error: unknown, isTogether: boolean): never {
    this.state = undefined;
    if (isTogether && isRefusal(error)) {
      this.deliveries.polls.parkAgain(leased);
      // What lay ready for these polls before is still there.
      this.inBackground(() => {});
    } else this.deliveries.giveUp(leased, error);
    throw error;
  }

  private tellEnd(command: Command): void {
    const listeners = this.endListeners?.get(command.id);
    if (listeners) for (const listener of [...listeners]) listener(command);
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
    return this.polls > 0 || this.endListeners !== undefined;
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

/** True for what the engine was not asked for, or did not do because somebody else came first. */
function isRefusal(error: unknown): boolean {
  if (error instanceof EngineError) return error.code === 'revision_conflict';
  return error instanceof HubError && error.code === 'queue_full';
}

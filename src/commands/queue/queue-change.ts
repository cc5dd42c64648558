import { andThen } from '../../channels/maybe-promise.js';
import type { ChangeSet, Engine, RecordChange } from '../../engine/engine.js';
import type { MaybePromise } from '../../engine/message-log.js';
import type { Revision } from '../../engine/record-table.js';
import type { CommandRules } from '../command-rules.js';
import { type Command, dueAt, type EndedState, hasEnded } from '../life/command.js';
import type { Fact, Moment } from '../life/fact.js';
import type { Step } from '../life/step.js';
import { transition } from '../life/transition.js';
import { outcomeMessage } from '../outcome.js';
import { type QueueHead, toRecord } from '../store/command-json.js';
import { forgetEnded, keepEnded, withoutEnding } from '../store/ended-command.js';
import { jobNews } from '../store/job-news.js';
import { ENDED, ENTRY, HEADS, LIVE, rangeOf, recordKey, timeKey, WAKES, wakeKey } from '../store/tables.js';
import type { Held, QueueState } from './queue-state.js';

/** Ended commands that one change forgets; what is left goes with the next one. */
const MAX_FORGOTTEN = 1_000;

/** A command that the change has to do with. */
interface Touched {
  /** as its record has it; undefined: it is new */
  readonly before: Held | undefined;
  command: Command;
}

/**
 * What one job does to a queue. The queue is changed at once, for nobody else looks at it before the job is done; `undo`
 * takes it back when nothing is to be committed. Every transition is a record written against the revision that it was
 * decided on, and a message on the device's outcomes.
 */
export class QueueChange {
  head: QueueHead;
  /** further records that belong to it */
  readonly records: RecordChange[] = [];
  private readonly touched = new Map<string, Touched>();
  /** the commands after each transition, in order */
  private readonly transitions: Command[] = [];
  private readonly moment: Moment;
  private forgotten = 0;

  constructor(
    private readonly state: QueueState,
    /** unix ms */
    readonly now: number,
    readonly rules: CommandRules,
    random: () => number,
  ) {
    this.head = state.head;
    this.moment = {
      now,
      rules,
      get jitter() {
        return random();
      },
    };
  }

  get device(): string {
    return this.state.device;
  }

  get isEmpty(): boolean {
    return this.transitions.length === 0 && this.records.length === 0 && this.head === this.state.head;
  }

  /** The commands that have not ended, as this change leaves them. Those told meanwhile may be among them or not. */
  live(): Iterable<Command> {
    return this.state.commands();
  }

  /** Of these, those that the device was given at some time. */
  given(): readonly Command[] {
    return this.state.given();
  }

  /** How many that are, and the bytes of their names and params. */
  get load(): { readonly count: number; readonly bytes: number } {
    const { size: count, bytes } = this.state;
    return { count, bytes };
  }

  find(id: string): Command | undefined {
    return this.touched.get(id)?.command ?? this.state.get(id)?.command;
  }

  /** The command that is to be leased next. @param atOnce how many of a lane may be in flight */
  next(atOnce: number): Command | undefined {
    return this.state.lanes.next(this.now, atOnce);
  }

  /** Brings in a command that has ended, so that it can be changed. */
  bring(ended: Held): void {
    this.touched.set(ended.command.id, { before: ended, command: ended.command });
  }

  /** A new command with its first line of history. */
  add(command: Command): void {
    this.touched.set(command.id, { before: undefined, command });
    this.become(command);
  }

  /** Tells a command a fact. The command must have been found before. */
  tell(id: string, fact: Fact): Step {
    const command = this.find(id) as Command;
    const step = transition(command, fact, this.moment);
    if (step.command === command) return step;
    const touched = this.touched.get(id);
    if (touched) touched.command = step.command;
    else this.touched.set(id, { before: this.state.get(id), command: step.command });
    this.become(step.command);
    return step;
  }

  /** Lets happen what is due. */
  passTime(): void {
    for (let due = this.state.firstDue; due; due = this.state.firstDue) {
      if ((dueAt(due) as number) > this.now) return;
      this.tell(due.id, { is: 'time' });
    }
  }

  /** How many more ended commands there are to be kept than before. */
  get endedMore(): number {
    let more = -this.forgotten;
    for (const { before, command } of this.touched.values()) {
      more += Number(hasEnded(command.state)) - Number(before?.table === ENDED);
    }
    return more;
  }

  /** Forgets those that were sent first of the ended commands that are too many, as far as they are committed. */
  forgetOldest(engine: Engine): MaybePromise<void> {
    const excess = this.state.ended + this.endedMore - this.rules.maxEndedOfDevice;
    if (excess <= 0) return;
    const limit = Math.min(excess, MAX_FORGOTTEN);
    return andThen(engine.table(ENDED).range({ ...rangeOf(this.device), limit }), (oldest) => {
      for (const record of oldest) {
        // One that this change has to do with goes another time.
        if (this.touched.has(record.key.slice(this.device.length + 1))) continue;
        this.records.push(...forgetEnded(record));
        this.forgotten++;
      }
    });
  }

  /** Keeps the queue's entry in `WAKES` at or before the moment when it must be looked at next. */
  planWake(): void {
    const next = this.state.nextDeadline;
    const { wakeAt } = this.head;
    const isSoonEnough = wakeAt === undefined ? next === undefined : wakeAt > this.now && !(next && next < wakeAt);
    if (isSoonEnough) return;
    if (wakeAt !== undefined) this.records.push({ table: WAKES, key: wakeKey(wakeAt, this.device), value: undefined });
    if (next !== undefined) this.records.push({ table: WAKES, key: wakeKey(next, this.device), value: ENTRY });
    this.head = { ...this.head, wakeAt: next };
  }

  toChangeSet(): ChangeSet {
    const records = [...this.records];
    for (const touched of this.touched.values()) this.addRecords(records, touched);
    if (this.head !== this.state.head) {
      const { headRevision: ifRevision } = this.state;
      records.push({ table: HEADS, key: this.device, value: toRecord(this.head), ifRevision });
    }
    return { records, messages: this.transitions.map((command) => outcomeMessage(command, this.now, this.rules)) };
  }

  /** The change is committed with this revision. Returns the commands that ended. */
  settle(revision: Revision): Command[] {
    const ended: Command[] = [];
    for (const { before, command } of this.touched.values()) {
      if (before?.command === command) continue;
      const held = this.state.get(command.id);
      if (held) held.revision = revision;
      else ended.push(command);
    }
    this.state.ended += this.endedMore;
    if (this.head !== this.state.head) {
      this.state.head = this.head;
      this.state.headRevision = revision;
    }
    return ended;
  }

  /** Nothing of it is to be: the queue is again what it was. */
  undo(): void {
    for (const [id, { before }] of this.touched) {
      if (before?.table === LIVE) this.state.put(before);
      else this.state.remove(id);
    }
  }

  /** The jobs that are told that one of their commands ended, or has a second life. */
  get jobs(): Set<string> {
    const jobs = new Set<string>();
    for (const touched of this.touched.values()) {
      if (touched.command.job && isNewsForJob(touched)) jobs.add(touched.command.job.id);
    }
    return jobs;
  }

  private become(command: Command): void {
    this.transitions.push(command);
    const { id, state } = command;
    if (hasEnded(state)) this.state.remove(id);
    else this.state.put({ command, revision: this.state.get(id)?.revision ?? 0, table: LIVE });
  }

  private addRecords(records: RecordChange[], touched: Touched): void {
    const { before, command } = touched;
    if (before?.command === command) return;
    if (command.job && isNewsForJob(touched)) records.push(jobNews(command.job, command.state.is));
    const key = recordKey(this.device, command.id);
    const table = hasEnded(command.state) ? ENDED : LIVE;
    const isMoved = before !== undefined && before.table !== table;
    const ifRevision = isMoved ? 0 : (before?.revision ?? 0);
    if (before?.table === ENDED) records.push(withoutEnding({ key, value: endTimeOf(before.command) }));
    if (isMoved) records.push({ table: before.table, key, value: undefined, ifRevision: before.revision });
    if (table === ENDED) records.push(...keepEnded(command, key, ifRevision));
    else records.push({ table, key, value: toRecord(command), ifRevision });
  }
}

function endTimeOf({ state }: Command): string {
  return timeKey((state as EndedState).at);
}

function isNewsForJob({ before, command }: Touched): boolean {
  const was = before?.command.state;
  return command.state.is !== was?.is && ((was !== undefined && hasEnded(was)) || hasEnded(command.state));
}

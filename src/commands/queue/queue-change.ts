import { andThen } from '../../channels/maybe-promise.js';
import { added, withOne } from '../../channels/with-one.js';
import type { ChangeSet, Engine, MessageChange, RecordChange } from '../../engine/engine.js';
import type { MaybePromise } from '../../engine/message-log.js';
import type { Revision } from '../../engine/record-table.js';
import type { CommandRules } from '../command-rules.js';
import { type Command, dueAt, hasEnded } from '../life/command.js';
import type { Fact, Moment } from '../life/fact.js';
import type { Step } from '../life/step.js';
import { transition } from '../life/transition.js';
import { outcomeMessage } from '../outcome.js';
import { HeadText, type QueueHead } from '../store/command-json.js';
import { forgetEnded } from '../store/ended-command.js';
import { ENDED, ENTRY, HEADS, LIVE, rangeOf, recordKey, WAKES, wakeKey } from '../store/tables.js';
import { ById } from './by-id.js';
import { Held, type QueueState } from './queue-state.js';
import { Touched } from './touched.js';

const NONE: readonly Command[] = [];

/** Ended commands that one change forgets; what is left goes with the next one. */
const MAX_FORGOTTEN = 1_000;

/**
 * What one job does to a queue. The queue is changed at once, for nobody else looks at it before the job is done; `undo`
 * takes it back when nothing is to be committed. Every transition is a record written against the revision that it was
 * decided on, and a message on the device's outcomes.
 */
export class QueueChange implements Moment {
  head: QueueHead;
  /** further records that belong to it */
  readonly records: RecordChange[] = [];
  private readonly touched = new ById<Touched>();
  /** what tells of each transition, in order */
  private news: MessageChange[] = [];
  private forgotten = 0;

  constructor(
    private readonly state: QueueState,
    /** unix ms */
    readonly now: number,
    readonly rules: CommandRules,
    private readonly random: () => number,
  ) {
    this.head = state.head;
  }

  /** It is drawn where it is needed, which is seldom. */
  get jitter(): number {
    return this.random();
  }

  get device(): string {
    return this.state.device;
  }

  get isEmpty(): boolean {
    return this.news.length === 0 && this.records.length === 0 && this.head === this.state.head;
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
    this.touched.put(new Touched(ended, ended.command, ended.key));
  }

  /** A new command with its first line of history. */
  add(command: Command): void {
    const touched = new Touched(undefined, command, recordKey(this.device, command.id));
    this.touched.put(touched);
    this.become(touched);
  }

  /** Tells a command a fact. The command must have been found before. */
  tell(id: string, fact: Fact): Step {
    const touched = this.touched.get(id);
    const held = touched ? undefined : (this.state.get(id) as Held);
    const command = (touched ?? (held as Held)).command;
    const step = transition(command, fact, this);
    if (step.command === command) return step;
    if (touched) touched.command = step.command;
    this.become(touched ?? this.touch(held as Held, step.command));
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
    for (const { before, command } of this.all) {
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
        if (this.touched.get(record.key.slice(this.device.length + 1))) continue;
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
    const { records } = this;
    for (const touched of this.all) touched.addTo(records);
    if (this.head !== this.state.head) {
      const { headRevision: ifRevision } = this.state;
      records.push({ table: HEADS, key: this.device, value: new HeadText(this.head), ifRevision });
    }
    return { records, messages: this.news };
  }

  /** The change is committed with this revision. Returns the commands that ended. */
  settle(revision: Revision): readonly Command[] {
    let ended = NONE;
    for (const { before, command } of this.all) {
      if (before?.command === command) continue;
      const held = this.state.get(command.id);
      if (held) held.revision = revision;
      else ended = withOne(ended, command);
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
    for (const { id, before } of this.all) {
      if (before?.table === LIVE) this.state.put(before);
      else this.state.remove(id);
    }
  }

  /** The jobs that are told that one of their commands ended, or has a second life. */
  get jobs(): Iterable<string> {
    let jobs: Set<string> | undefined;
    for (const { toldJob } of this.all) if (toldJob) jobs = (jobs ?? new Set()).add(toldJob.id);
    return jobs ?? [];
  }

  private get all(): Iterable<Touched> {
    return this.touched.few ?? this.touched.values();
  }

  private touch(held: Held, command: Command): Touched {
    const touched = new Touched(held, command, held.key);
    this.touched.put(touched);
    return touched;
  }

  private become({ id, key, before, command }: Touched): void {
    this.news = added(this.news, outcomeMessage(this.state.outcomes, command, this.now, this.rules));
    if (hasEnded(command.state)) this.state.remove(id);
    else this.state.put(new Held(command, key, before?.table === LIVE ? before.revision : 0, LIVE));
  }
}

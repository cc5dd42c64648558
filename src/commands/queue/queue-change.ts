import type { ChangeSet, RecordChange } from '../../engine/engine.js';
import type { Revision } from '../../engine/record-table.js';
import type { CommandRules } from '../command-rules.js';
import { type Command, dueAt, hasEnded } from '../life/command.js';
import type { Fact } from '../life/fact.js';
import type { Step } from '../life/step.js';
import { transition } from '../life/transition.js';
import { outcomeMessage } from '../outcome.js';
import { type QueueHead, toRecord } from '../store/command-json.js';
import { jobNews } from '../store/job-news.js';
import { ENDED, EXPIRIES, expiryKey, HEADS, LIVE, recordKey, WAKES, wakeKey } from '../store/tables.js';
import { type Held, type QueueState, sizeOf } from './queue-state.js';

/** An entry of an index says all with its key. */
const ENTRY = '1';

/**
 * What one job does to a queue: nothing of it is seen by others before it is committed. Every transition is a record
 * written against the revision that it was decided on, and a message on the device's outcomes.
 */
export class QueueChange {
  head: QueueHead;
  /** further records that belong to it */
  readonly records: RecordChange[] = [];
  private readonly before = new Map<string, Held>();
  private readonly after = new Map<string, Command>();
  /** the commands after each transition, in order */
  private readonly transitions: Command[] = [];

  constructor(
    private readonly state: QueueState,
    /** unix ms */
    readonly now: number,
    readonly rules: CommandRules,
    private readonly random: () => number,
  ) {
    this.head = state.head;
  }

  get device(): string {
    return this.state.device;
  }

  get isEmpty(): boolean {
    return this.transitions.length === 0 && this.records.length === 0 && this.head === this.state.head;
  }

  /** The commands that have not ended, as this change leaves them. */
  live(): Command[] {
    const live: Command[] = [];
    for (const { command } of this.state.held.values()) live.push(this.after.get(command.id) ?? command);
    for (const command of this.after.values()) if (!this.state.held.has(command.id)) live.push(command);
    return live.filter(({ state }) => !hasEnded(state));
  }

  find(id: string): Command | undefined {
    return this.after.get(id) ?? this.state.held.get(id)?.command;
  }

  /** Brings in a command that has ended, so that it can be changed. */
  bring(ended: Held): void {
    this.before.set(ended.command.id, ended);
    this.after.set(ended.command.id, ended.command);
  }

  /** A new command with its first line of history. */
  add(command: Command): void {
    this.after.set(command.id, command);
    this.transitions.push(command);
  }

  /** Tells a command a fact. The command must have been found before. */
  tell(id: string, fact: Fact): Step {
    const command = this.find(id) as Command;
    const step = transition(command, fact, { now: this.now, jitter: this.random(), rules: this.rules });
    if (step.command !== command) {
      const held = this.state.held.get(id);
      if (held) this.before.set(id, held);
      this.after.set(id, step.command);
      this.transitions.push(step.command);
    }
    return step;
  }

  /** Lets happen what is due. */
  passTime(): void {
    for (const command of this.live()) {
      if ((dueAt(command) ?? Number.POSITIVE_INFINITY) <= this.now) this.tell(command.id, { is: 'time' });
    }
  }

  /** Keeps the queue's entry in `WAKES` at or before the moment when it must be looked at next. */
  planWake(): void {
    const next = nextDeadline(this.live());
    const { wakeAt } = this.head;
    const isSoonEnough = wakeAt === undefined ? next === undefined : wakeAt > this.now && !(next && next < wakeAt);
    if (isSoonEnough) return;
    if (wakeAt !== undefined) this.records.push({ table: WAKES, key: wakeKey(wakeAt, this.device), value: undefined });
    if (next !== undefined) this.records.push({ table: WAKES, key: wakeKey(next, this.device), value: ENTRY });
    this.head = { ...this.head, wakeAt: next };
  }

  toChangeSet(): ChangeSet {
    const records = [...this.records];
    for (const command of this.after.values()) records.push(...this.recordsOf(command));
    if (this.head !== this.state.head) {
      const { headRevision: ifRevision } = this.state;
      records.push({ table: HEADS, key: this.device, value: toRecord(this.head), ifRevision });
    }
    return { records, messages: this.transitions.map((command) => outcomeMessage(command, this.now, this.rules)) };
  }

  /** The change is committed: the queue is now as it says. Returns the commands that ended. */
  applyTo(state: QueueState, revision: Revision): Command[] {
    const ended: Command[] = [];
    for (const [id, command] of this.after) {
      if (this.before.get(id)?.command === command) continue;
      const held = state.held.get(id);
      if (hasEnded(command.state)) {
        if (held) state.bytes -= sizeOf(command);
        state.held.delete(id);
        ended.push(command);
      } else {
        if (!held) state.bytes += sizeOf(command);
        state.held.set(id, { command, revision, table: LIVE });
      }
    }
    if (this.head !== state.head) {
      state.head = this.head;
      state.headRevision = revision;
    }
    return ended;
  }

  /** The jobs that are told that one of their commands ended, or has a second life. */
  get jobs(): Set<string> {
    const told = [...this.after.values()].filter((command) => this.isNewsForJob(command));
    return new Set(told.map(({ job }) => job?.id as string));
  }

  private isNewsForJob({ id, job, state }: Command): boolean {
    const before = this.before.get(id)?.command.state;
    const wasEnded = before !== undefined && hasEnded(before);
    return job !== undefined && state.is !== before?.is && (wasEnded || hasEnded(state));
  }

  private recordsOf(command: Command): RecordChange[] {
    const before = this.before.get(command.id);
    if (before && before.command === command) return [];
    const news = command.job && this.isNewsForJob(command) ? [jobNews(command.job, command.state.is)] : [];
    return [...news, ...this.recordsThatHold(command, before)];
  }

  private recordsThatHold(command: Command, before: Held | undefined): RecordChange[] {
    const key = recordKey(this.device, command.id);
    const value = toRecord(command);
    const { [LIVE]: live, [ENDED]: ended } = revisions(before);
    const records: RecordChange[] = [];
    if (before?.table === ENDED) records.push(this.expiry(before.command, undefined));
    if (hasEnded(command.state)) {
      if (live > 0) records.push({ table: LIVE, key, value: undefined, ifRevision: live });
      records.push({ table: ENDED, key, value, ifRevision: ended }, this.expiry(command, ENTRY));
    } else {
      if (ended > 0) records.push({ table: ENDED, key, value: undefined, ifRevision: ended });
      records.push({ table: LIVE, key, value, ifRevision: live });
    }
    return records;
  }

  private expiry({ id, state }: Command, value: string | undefined): RecordChange {
    const at = (hasEnded(state) ? state.at : this.now) + this.rules.retentionMs;
    return { table: EXPIRIES, key: expiryKey(at, ENDED, recordKey(this.device, id)), value };
  }
}

/** The first moment at which time alone changes one of the commands, unix ms. */
export function nextDeadline(commands: Iterable<Command>): number | undefined {
  let next: number | undefined;
  for (const command of commands) {
    const due = dueAt(command);
    if (due !== undefined && (next === undefined || due < next)) next = due;
  }
  return next;
}

/** The revisions that a command's records must have; 0 where it has none. */
function revisions(before: Held | undefined): Record<typeof LIVE | typeof ENDED, Revision> {
  return { [LIVE]: 0, [ENDED]: 0, ...(before && { [before.table]: before.revision }) };
}

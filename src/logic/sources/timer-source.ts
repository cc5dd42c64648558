import { andThen } from '../../channels/maybe-promise.js';
import type { Engine, RecordChange } from '../../engine/engine.js';
import type { MaybePromise } from '../../engine/message-log.js';
import type { StoredRecord } from '../../engine/record-table.js';
import { type SourcePoint, timerTurn } from '../attempts/turn-id.js';
import { turnsBehind } from '../cause.js';
import { timerTimeKey } from '../running/change-draft.js';
import { type Acknowledgement, Job } from '../running/job.js';
import type { TurnHandler } from '../running/turn-handler.js';
import type { TurnQueue } from '../running/turn-queue.js';
import type { TimerRecord } from '../store/records.js';
import { ENTRY, TIMERS, TIMES, timeOf } from '../store/tables.js';
import type { Usage } from '../store/usage.js';
import { DueReader } from './due-reader.js';

export interface TimerSourceParts {
  readonly plugin: string;
  readonly engine: Engine;
  readonly now: () => number;
  readonly queue: TurnQueue;
  readonly usage: Usage;
  /** of a timer's name; one that refuses the turn when no method has it any more */
  handlerOf(name: string): TurnHandler;
  failed(error: unknown): void;
}

/** A timer that is later than this was missed: the hub, or the plugin, was down. */
const MISSED_AFTER_MS = 60_000;

/** Makes turns of a plugin's timers when they are due. */
export class TimerSource {
  private readonly due: DueReader;

  constructor(private readonly parts: TimerSourceParts) {
    const { plugin, engine, now, queue, failed } = parts;
    this.due = new DueReader({
      plugin,
      table: engine.table(TIMES),
      now,
      hasRoom: () => queue.hasRoomLeft,
      take: (record) => this.take(record),
      failed,
    });
  }

  /** A timer was set. @param at unix ms */
  noteDue(at: number): void {
    this.due.noteDue(at);
  }

  /** as `DueReader.inMs` */
  get inMs(): number {
    return this.due.inMs;
  }

  look(): void {
    this.due.look();
  }

  stop(): void {
    this.due.stop();
  }

  private take({ key: timeKey }: StoredRecord): MaybePromise<void> {
    const { plugin, engine } = this.parts;
    const { at, rest } = timeOf(plugin, timeKey);
    return andThen(engine.table(TIMERS).get(`${plugin}/${rest}`), (record) => {
      const timer = record && (JSON.parse(record.value) as TimerRecord);
      // Of a timer that was set anew, or cancelled, by its own turn.
      if (!record || timer?.dueAt !== at) return this.drop([{ table: TIMES, key: timeKey, value: undefined }], timeKey);
      return this.fire(record, timer, timeKey);
    });
  }

  private fire(record: StoredRecord, timer: TimerRecord, timeKey: string): MaybePromise<void> {
    const [name = '', key = ''] = record.key.slice(this.parts.plugin.length + 1).split('/');
    const late = this.parts.now() - timer.dueAt;
    const passed = timer.everyMs === undefined ? 0 : Math.floor(late / timer.everyMs);
    const missed = timer.missed === 'each' ? 0 : passed;
    const records = [...this.advance(record, timer, missed), { table: TIMES, key: timeKey, value: undefined }];
    if (timer.missed === 'skip' && late > MISSED_AFTER_MS) {
      if (timer.everyMs === undefined) this.parts.usage.timers--;
      return this.drop(records, timeKey);
    }
    const { dueAt, data } = timer;
    const input = { kind: 'timer' as const, name, key, data, dueAt, missed, behind: turnsBehind(timer.cause) };
    const acknowledgement = this.acknowledgementOf(record, records, timeKey, timer.everyMs !== undefined);
    this.parts.queue.add(new Job(this.parts.handlerOf(name), input, 0, key, acknowledgement));
  }

  /** The timer's next time, or its end. */
  private advance({ key, revision }: StoredRecord, timer: TimerRecord, missed: number): RecordChange[] {
    const { plugin } = this.parts;
    if (timer.everyMs === undefined) return [{ table: TIMERS, key, value: undefined, ifRevision: revision }];
    const dueAt = timer.dueAt + (missed + 1) * timer.everyMs;
    const [name = '', of = ''] = key.slice(plugin.length + 1).split('/');
    return [
      { table: TIMERS, key, value: JSON.stringify({ ...timer, dueAt }), ifRevision: revision },
      { table: TIMES, key: timerTimeKey(plugin, dueAt, name, of), value: ENTRY },
    ];
  }

  private acknowledgementOf(
    record: StoredRecord,
    records: readonly RecordChange[],
    timeKey: string,
    repeats: boolean,
  ): Acknowledgement {
    const { plugin, engine, usage } = this.parts;
    let isVoid = false;
    return {
      isOwed: true,
      turn: () => timerTurn(plugin, timeKey),
      wasThere: ({ at }: SourcePoint) => timeOf(plugin, timeKey).at <= at,
      takenTimer: repeats ? undefined : record.key,
      records: () => records,
      // Set anew or cancelled by another turn, which has counted it out, or committed before.
      isSettled: () =>
        andThen(engine.table(TIMERS).get(record.key), (now) => {
          isVoid = now?.revision !== record.revision;
          return isVoid;
        }),
      settle: () => {
        if (!isVoid && !repeats) usage.timers--;
        this.due.release(timeKey);
        // Its next time may have come already.
        if (repeats) this.due.noteDue(0);
      },
    };
  }

  private drop(records: readonly RecordChange[], timeKey: string): MaybePromise<void> {
    return andThen(this.parts.engine.commit({ records }), () => {
      this.due.release(timeKey);
      this.due.noteDue(0);
    });
  }
}

import { andThen } from '../../channels/maybe-promise.js';
import type { Engine } from '../../engine/engine.js';
import type { StoredRecord } from '../../engine/record-table.js';
import { outboxTurn, type SourcePoint } from '../attempts/turn-id.js';
import { turnsBehind } from '../cause.js';
import { type Acknowledgement, Job } from '../running/job.js';
import type { TurnHandler } from '../running/turn-handler.js';
import type { TurnQueue } from '../running/turn-queue.js';
import type { OutboxRecord } from '../store/records.js';
import { OUTBOX, timeOf } from '../store/tables.js';
import type { Usage } from '../store/usage.js';
import { DueReader } from './due-reader.js';

export interface OutboxSourceParts {
  readonly plugin: string;
  readonly engine: Engine;
  readonly now: () => number;
  readonly queue: TurnQueue;
  readonly usage: Usage;
  /** of an item's name; one that refuses the turn when no method has it any more */
  handlerOf(name: string): TurnHandler;
  failed(error: unknown): void;
}

/** Makes turns of what a plugin has put into its outbox. */
export class OutboxSource {
  private readonly due: DueReader;

  constructor(private readonly parts: OutboxSourceParts) {
    const { plugin, engine, now, queue, failed } = parts;
    this.due = new DueReader({
      plugin,
      table: engine.table(OUTBOX),
      now,
      hasRoom: () => queue.hasRoomLeft,
      take: (record) => this.take(record),
      failed,
    });
  }

  /** Something was put in. */
  noteItem(): void {
    this.due.noteDue(0);
    this.due.look();
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

  private take(record: StoredRecord): void {
    const { id, name, key, data, cause } = JSON.parse(record.value) as OutboxRecord;
    const input = { kind: 'outbox' as const, id, name, key, data, behind: turnsBehind(cause) };
    this.parts.queue.add(new Job(this.parts.handlerOf(name), input, cause.depth, key, this.acknowledgementOf(record)));
  }

  private acknowledgementOf({ key, revision }: StoredRecord): Acknowledgement {
    const { plugin, engine, usage } = this.parts;
    return {
      isOwed: true,
      turn: () => outboxTurn(plugin, key),
      wasThere: ({ at }: SourcePoint) => timeOf(plugin, key).at <= at,
      records: () => [{ table: OUTBOX, key, value: undefined, ifRevision: revision }],
      isSettled: () => andThen(engine.table(OUTBOX).get(key), (record) => record === undefined),
      settle: (isCommitted) => {
        if (isCommitted) usage.outboxItems--;
        this.due.release(key);
        this.due.look();
      },
    };
  }
}

import type { Clock } from '../channels/clock.js';
import type { FaultLog } from '../channels/fault-log.js';
import type { Engine, RecordChange } from '../engine/engine.js';
import type { MaybePromise } from '../engine/message-log.js';
import type { StoredRecord } from '../engine/record-table.js';
import type { CommandParts, CommandQueues } from './queue/command-queues.js';
import { firstTimeOf } from './store/first-time.js';
import { EXPIRIES, expiringRecord, timeKey, WAKES, wakeKey, wakeOf } from './store/tables.js';

/** Entries of an index that one round takes: bounds how long it holds up everything else. */
const ENTRIES_A_ROUND = 1_000;
const ROUND_MS = 1_000;

/**
 * What time does to commands that nobody is waiting for: wakes queues whose next deadline has come, and deletes what is
 * past its retention. Both are read from indexes by time, so that neither a restart nor a round scans all devices.
 */
export class Upkeep {
  private isAtWork = false;

  private readonly engine: Engine;
  private readonly clock: Clock;
  private readonly faults: FaultLog;

  constructor(
    { commits, clock, faults }: CommandParts,
    private readonly queues: CommandQueues,
  ) {
    this.engine = commits.engine;
    this.clock = clock;
    this.faults = faults;
  }

  /** Begins. Returns what ends it. */
  start(): () => void {
    const round = () => {
      this.queues.wheel.turn();
      void this.round();
    };
    return this.clock.every(ROUND_MS, round, () => this.nextRoundAt);
  }

  /** ms of uptime before which a round finds nothing to do; 0 or less when that is not known */
  private get nextRoundAt(): number {
    if (this.isAtWork) return 0;
    const { wheel, ended } = this.queues;
    return Math.min(wheel.nextTurnAt, ended.nextExpiryAt, this.firstOf(WAKES), this.firstOf(EXPIRIES));
  }

  private firstOf(index: string): number {
    return firstTimeOf(index, this.engine, this.clock);
  }

  /** One round, unless one is still at work. What fails is found again by the next one. */
  async round(): Promise<void> {
    if (this.isAtWork) return;
    this.isAtWork = true;
    try {
      await this.wake();
      await this.queues.ended.expire();
      await this.expire();
    } catch (error) {
      this.faults.note(error, { part: 'commands' });
    } finally {
      this.isAtWork = false;
    }
  }

  private async wake(): Promise<void> {
    for (const { key } of await this.due(WAKES)) {
      const { at, device } = wakeOf(key);
      await this.queues.of(device).change((change) => {
        // An entry that its queue does not know of: left over, and of no use.
        if (change.head.wakeAt !== at)
          change.records.push({ table: WAKES, key: wakeKey(at, device), value: undefined });
      });
    }
  }

  private async expire(): Promise<void> {
    const records: RecordChange[] = [];
    for (const { key } of await this.due(EXPIRIES)) {
      records.push({ ...expiringRecord(key), value: undefined }, { table: EXPIRIES, key, value: undefined });
    }
    if (records.length > 0) await this.engine.commit({ records });
  }

  private due(index: string): MaybePromise<readonly StoredRecord[]> {
    const before = timeKey(this.clock.now() + 1);
    return this.engine.table(index).range({ before, limit: ENTRIES_A_ROUND });
  }
}

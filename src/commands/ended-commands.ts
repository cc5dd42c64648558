import type { Clock } from '../channels/clock.js';
import type { Commits } from '../channels/commits.js';
import type { FaultLog } from '../channels/fault-log.js';
import { andThen } from '../channels/maybe-promise.js';
import type { RecordChange } from '../engine/engine.js';
import type { MaybePromise } from '../engine/message-log.js';
import type { StoredRecord } from '../engine/record-table.js';
import type { CommandRules } from './command-rules.js';
import { firstTimeOf } from './store/first-time.js';
import { ENDED, ENDINGS, endingOf, timeKey } from './store/tables.js';

export interface EndedParts {
  readonly commits: Commits;
  readonly clock: Clock;
  readonly rules: CommandRules;
  readonly faults: FaultLog;
}

/** Commands that one commit deletes: bounds how long it holds up everything else. */
const COMMANDS_A_COMMIT = 1_000;
/** This part of all goes at a time when there are too many, at most `COMMANDS_A_COMMIT`: one look for many, not for each. */
const PART_AT_A_TIME = 0.1;

/**
 * The commands that have ended, of all devices: how many are kept, and when they are forgotten. Those that ended first go
 * first, by an index; nothing looks through all of them.
 */
export class EndedCommands {
  private kept = 0;
  private isEvicting = false;

  /** @param forgot told the device of each that was deleted here */
  constructor(
    private readonly parts: EndedParts,
    private readonly forgot: (device: string) => void,
  ) {}

  /** ended commands that are kept */
  get count(): number {
    return this.kept;
  }

  /** Counts what an earlier run left, before anything else is asked of it. */
  begin(): MaybePromise<void> {
    return andThen(this.parts.commits.engine.table(ENDED).count(), (found) => this.changedBy(found));
  }

  /** So many more, or fewer, are committed. When that makes too many, the oldest go. */
  changedBy(difference: number): void {
    this.kept += difference;
    if (this.excess > 0 && !this.isEvicting) void this.evict();
  }

  /** Deletes those whose retention is over, a bounded number. */
  expire(): MaybePromise<void> {
    const { clock, rules } = this.parts;
    return this.deleteOldest(COMMANDS_A_COMMIT, timeKey(clock.now() - rules.retentionMs + 1));
  }

  /** ms of uptime before which none is past its retention */
  get nextExpiryAt(): number {
    const { commits, clock, rules } = this.parts;
    return firstTimeOf(ENDINGS, commits.engine, clock) + rules.retentionMs;
  }

  private get excess(): number {
    return this.kept - this.parts.rules.maxEnded;
  }

  private async evict(): Promise<void> {
    this.isEvicting = true;
    try {
      while (this.excess > 0) {
        const { kept } = this;
        const more = Math.floor(this.parts.rules.maxEnded * PART_AT_A_TIME);
        await this.deleteOldest(Math.min(this.excess + more, COMMANDS_A_COMMIT));
        // Deleted by somebody else meanwhile; what is too many is found with the next command that ends.
        if (this.kept >= kept) return;
      }
    } catch (error) {
      this.parts.faults.note(error, { part: 'commands' });
    } finally {
      this.isEvicting = false;
    }
  }

  /** @param before of the keys of `ENDINGS` */
  private deleteOldest(limit: number, before?: string): MaybePromise<void> {
    const { engine } = this.parts.commits;
    const range = before === undefined ? { limit } : { limit, before };
    // Without a pause between the look and the commit, so that nobody deletes one of them in between and it counts twice.
    return andThen(engine.table(ENDINGS).range(range), (entries) => {
      if (entries.length === 0) return;
      return andThen(engine.commit({ records: entries.flatMap(deletions) }), () => {
        this.kept -= entries.length;
        for (const { key } of entries) this.forgot(endingOf(key).device);
      });
    });
  }
}

function deletions({ key }: StoredRecord): RecordChange[] {
  return [
    { table: ENDED, key: endingOf(key).key, value: undefined },
    { table: ENDINGS, key, value: undefined },
  ];
}

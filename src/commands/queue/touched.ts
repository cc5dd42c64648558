import type { RecordChange } from '../../engine/engine.js';
import { type Command, hasEnded, type JobPlace } from '../life/command.js';
import { CommandText } from '../store/command-json.js';
import { endedRecord, endingRecord, withoutEnding } from '../store/ended-command.js';
import { jobNews } from '../store/job-news.js';
import { ENDED, LIVE } from '../store/tables.js';
import type { Held } from './queue-state.js';

/** A command that a change of a queue has to do with: as it was, and as it is to be. */
export class Touched {
  readonly id: string;

  constructor(
    /** as its record has it; undefined: it is new */
    readonly before: Held | undefined,
    public command: Command,
    /** of its record, in whichever table that is */
    readonly key: string,
  ) {
    this.id = command.id;
  }

  /** Of the job that is told that its command ended, or has a second life; undefined: none is. */
  get toldJob(): JobPlace | undefined {
    const { job, state } = this.command;
    if (!job) return undefined;
    const was = this.before?.command.state;
    const isNews = state.is !== was?.is && ((was !== undefined && hasEnded(was)) || hasEnded(state));
    return isNews ? job : undefined;
  }

  /** Adds what changes in the records, if anything does. */
  addTo(records: RecordChange[]): void {
    const { before, command, key, toldJob } = this;
    if (before?.command === command) return;
    if (toldJob) records.push(jobNews(toldJob, command.state.is));
    const table = hasEnded(command.state) ? ENDED : LIVE;
    const isMoved = before !== undefined && before.table !== table;
    const ifRevision = isMoved ? 0 : (before?.revision ?? 0);
    if (before?.table === ENDED) records.push(withoutEnding(before.command, key));
    if (isMoved) records.push({ table: before.table, key, value: undefined, ifRevision: before.revision });
    if (table === ENDED) records.push(endedRecord(command, key, ifRevision), endingRecord(command, key));
    else records.push({ table, key, value: new CommandText(command), ifRevision });
  }
}

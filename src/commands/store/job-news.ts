import type { RecordChange } from '../../engine/engine.js';
import type { EndedState, JobPlace, StateName } from '../life/command.js';
import { JOB_NEWS, jobDeviceKey } from './tables.js';

/** What became of a job's device, as far as its command tells: `SENT` while it has not ended. */
export type CommandNews = EndedState['is'] | 'SENT';

/**
 * The record by which a command tells its job that it ended, or was given a second life. It is committed together with
 * the command and waits until the job has taken account of it, so that nothing is told twice or lost by a crash.
 */
export function jobNews({ id, number }: JobPlace, state: StateName): RecordChange {
  const news: CommandNews = isEndName(state) ? state : 'SENT';
  return { table: JOB_NEWS, key: jobDeviceKey(id, number), value: news };
}

const WITHOUT_END: ReadonlySet<string> = new Set<StateName>(['SCHEDULED', 'QUEUED', 'LEASED', 'IN_PROGRESS']);

function isEndName(state: StateName): state is EndedState['is'] {
  return !WITHOUT_END.has(state);
}

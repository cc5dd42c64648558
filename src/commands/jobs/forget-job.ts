import type { Commits } from '../../channels/commits.js';
import { JOB_DEVICES, JOB_LISTS, JOB_NEWS, JOB_STATES, JOBS, rangeOf } from '../store/tables.js';

/** Records that one commit deletes. */
const RECORDS_A_COMMIT = 500;

/**
 * Deletes all that is kept of a job, a bounded number of records a commit. The job itself goes last, so that one which was
 * interrupted is found again.
 */
export async function forgetJob(commits: Commits, id: string): Promise<void> {
  for (const table of [JOB_DEVICES, JOB_LISTS, JOB_NEWS]) {
    for (;;) {
      const found = await commits.engine.table(table).range({ ...rangeOf(id), limit: RECORDS_A_COMMIT });
      if (found.length === 0) break;
      await commits.commit({ records: found.map(({ key }) => ({ table, key, value: undefined })) });
    }
  }
  await commits.commit({ records: [JOBS, JOB_STATES].map((table) => ({ table, key: id, value: undefined })) });
}

import type { Commits } from '../../channels/commits.js';
import type { RecordChange } from '../../engine/engine.js';
import type { StoredRecord } from '../../engine/record-table.js';
import { commandOf, headOf, keyRecordOf } from '../store/command-json.js';
import { forgetEnded } from '../store/ended-command.js';
import { jobNews } from '../store/job-news.js';
import { ENDED, EXPIRIES, expiryKey, HEADS, KEYS, LIVE, rangeOf, WAKES, wakeKey } from '../store/tables.js';

/** Records that one commit deletes. */
const RECORDS_A_COMMIT = 1_000;

/**
 * Deletes all that is kept of a device's commands, a bounded number of records a commit. May be called again when it was
 * interrupted.
 * @param forgot told how many ended commands are deleted
 * @returns the jobs that were told that a command of theirs is gone
 */
export async function dropQueue(
  commits: Commits,
  device: string,
  forgot: (ended: number) => void,
): Promise<ReadonlySet<string>> {
  const { engine } = commits;
  const jobs = new Set<string>();
  for (const table of [LIVE, ENDED, KEYS]) {
    for (;;) {
      const found = await engine.table(table).range({ ...rangeOf(device), limit: RECORDS_A_COMMIT });
      if (found.length === 0) break;
      const told = table === LIVE ? found.flatMap(({ value }) => commandOf(value).job ?? []) : [];
      const news = told.map((job) => jobNews(job, 'CANCELED'));
      await commits.commit({ records: [...found.flatMap((record) => deletions(table, record)), ...news] });
      if (table === ENDED) forgot(found.length);
      for (const { id } of told) jobs.add(id);
    }
  }
  const head = await engine.table(HEADS).get(device);
  if (!head) return jobs;
  const { wakeAt } = headOf(head.value);
  const wake = wakeAt === undefined ? [] : [{ table: WAKES, key: wakeKey(wakeAt, device), value: undefined }];
  await commits.commit({ records: [{ table: HEADS, key: device, value: undefined }, ...wake] });
  return jobs;
}

/** A record together with its entry in an index. */
function deletions(table: string, record: StoredRecord): RecordChange[] {
  if (table === ENDED) return forgetEnded(record);
  const { key } = record;
  const deletion = { table, key, value: undefined };
  if (table !== KEYS) return [deletion];
  return [
    deletion,
    { table: EXPIRIES, key: expiryKey(keyRecordOf(record.value).expiresAt, KEYS, key), value: undefined },
  ];
}

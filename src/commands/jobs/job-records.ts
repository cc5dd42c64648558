import { andThen } from '../../channels/maybe-promise.js';
import type { Engine, RecordChange } from '../../engine/engine.js';
import type { MaybePromise } from '../../engine/message-log.js';
import type { Revision } from '../../engine/record-table.js';
import { JOB_DEVICES, JOB_STATES, JOBS, jobDeviceKey, jobPlaceOf } from '../store/tables.js';
import type { JobPlan } from './plan.js';
import type { JobDevice, JobProgress } from './progress.js';

/** A job as its two records have it. */
export interface Job {
  readonly plan: JobPlan;
  readonly progress: JobProgress;
  /** of the record of its progress */
  readonly revision: Revision;
}

/** A device of a job as its record has it. */
export interface StoredDevice {
  readonly number: number;
  readonly value: JobDevice;
  readonly revision: Revision;
}

export function readJob(engine: Engine, id: string): MaybePromise<Job | undefined> {
  return andThen(engine.table(JOB_STATES).get(id), (state) =>
    andThen(state && engine.table(JOBS).get(id), (plan) => {
      if (!state || !plan) return undefined;
      return { plan: JSON.parse(plan.value), progress: JSON.parse(state.value), revision: state.revision } as Job;
    }),
  );
}

/** The devices of a job from a number on, in their order. @param before the first number that is no longer meant */
export function readDevices(
  engine: Engine,
  id: string,
  { from, before, limit }: { from: number; before: number; limit: number },
): MaybePromise<readonly StoredDevice[]> {
  const range = { from: jobDeviceKey(id, from), before: jobDeviceKey(id, before), limit };
  return andThen(engine.table(JOB_DEVICES).range(range), (records) =>
    records.map(({ key, value, revision }) => ({ number: jobPlaceOf(key).number, value: JSON.parse(value), revision })),
  );
}

/** @param ifRevision 0: it must not exist */
export function deviceChange(job: string, number: number, device: JobDevice, ifRevision: Revision): RecordChange {
  return { table: JOB_DEVICES, key: jobDeviceKey(job, number), value: JSON.stringify(device), ifRevision };
}

export function progressChange(job: string, progress: JobProgress, ifRevision: Revision): RecordChange {
  return { table: JOB_STATES, key: job, value: JSON.stringify(progress), ifRevision };
}

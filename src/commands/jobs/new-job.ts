import type { RecordChange } from '../../engine/engine.js';
import { JOB_LISTS, JOBS, jobDeviceKey } from '../store/tables.js';
import type { JobDraft } from './draft-job.js';
import { progressChange } from './job-records.js';
import type { JobPlan } from './plan.js';
import { BEGUN } from './progress.js';
import { CANDIDATES_A_STEP } from './select-devices.js';

/** @param id of the job @param now unix ms */
export function planOf({ command, devices, query, limits }: JobDraft, id: string, now: number): JobPlan {
  const selector = devices
    ? ({ by: 'list', count: devices.length } as const)
    : ({ by: 'query', attributes: [], ...query } as const);
  return { id, createdAt: now, command, selector, limits };
}

/** All records of a job that has not begun. */
export function newRecords(plan: JobPlan, { devices = [] }: JobDraft): RecordChange[] {
  const parts: RecordChange[] = [];
  for (let i = 0; i * CANDIDATES_A_STEP < devices.length; i++) {
    const part = devices.slice(i * CANDIDATES_A_STEP, (i + 1) * CANDIDATES_A_STEP);
    parts.push({ table: JOB_LISTS, key: jobDeviceKey(plan.id, i), value: JSON.stringify(part), ifRevision: 0 });
  }
  return [
    { table: JOBS, key: plan.id, value: JSON.stringify(plan), ifRevision: 0 },
    progressChange(plan.id, BEGUN, 0),
    ...parts,
  ];
}

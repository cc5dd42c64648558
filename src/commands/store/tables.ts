/** commands that have not ended: `device/id` → the command as JSON; one range is one device's queue, bounded */
export const LIVE = 'command-live';
/** commands that have ended: `device/id` → the command as a row of JSON, the time of its end first */
export const ENDED = 'command-ended';
/** in which order they ended: `time/device/id` */
export const ENDINGS = 'command-endings';
/** what is kept of a queue beside its commands: `device` → QueueHead as JSON */
export const HEADS = 'command-heads';
/** which queue must be looked at when: `time/device` */
export const WAKES = 'command-wakes';
/** what is to be deleted when: `time/table/key` */
export const EXPIRIES = 'command-expiries';
/** Idempotency-Keys: `device/key` → KeyRecord as JSON */
export const KEYS = 'command-keys';

/** What an entry of an index holds: all that it says stands in its key. */
export const ENTRY = '1';

/** Digits of unix ms in keys: enough until the year 33658, and their order as text is the order of time. */
export const TIME_DIGITS = 15;

let lastMs = Number.NaN;
let lastTimeKey = '';

/** unix ms as it stands in keys; most calls ask for the same one as the call before, and cost nothing */
export function timeKey(unixMs: number): string {
  if (unixMs !== lastMs) {
    lastTimeKey = String(Math.max(Math.ceil(unixMs), 0)).padStart(TIME_DIGITS, '0');
    lastMs = unixMs;
  }
  return lastTimeKey;
}

/** The time, in unix ms, that a key of an index by time begins with. */
export function timeIn(key: string): number {
  return Number(key.slice(0, TIME_DIGITS));
}

export function recordKey(device: string, name: string): string {
  return `${device}/${name}`;
}

/** All keys of one device: "0" is the character behind "/". */
export function rangeOf(device: string): { from: string; before: string } {
  return { from: `${device}/`, before: `${device}0` };
}

export function wakeKey(unixMs: number, device: string): string {
  return `${timeKey(unixMs)}/${device}`;
}

/** The time and the device of a key of `WAKES`. */
export function wakeOf(key: string): { at: number; device: string } {
  return { at: Number(key.slice(0, TIME_DIGITS)), device: key.slice(TIME_DIGITS + 1) };
}

/** @param time as `timeKey` gives it @param record its key in `ENDED` */
export function endingKey(time: string, record: string): string {
  return `${time}/${record}`;
}

/** The device and the record that a key of `ENDINGS` speaks of. */
export function endingOf(key: string): { device: string; key: string } {
  const start = TIME_DIGITS + 1;
  return { device: key.slice(start, key.indexOf('/', start)), key: key.slice(start) };
}

export function expiryKey(unixMs: number, table: string, key: string): string {
  return `${timeKey(unixMs)}/${table}/${key}`;
}

/** The record that a key of `EXPIRIES` speaks of. */
export function expiringRecord(key: string): { table: string; key: string } {
  const tableEnd = key.indexOf('/', TIME_DIGITS + 1);
  return { table: key.slice(TIME_DIGITS + 1, tableEnd), key: key.slice(tableEnd + 1) };
}

/** jobs: `id` → JobPlan as JSON, which never changes */
export const JOBS = 'jobs';
/** how far they are: `id` → JobProgress as JSON */
export const JOB_STATES = 'job-states';
/** the devices of a job in its order: `id/number` → JobDevice as JSON */
export const JOB_DEVICES = 'job-devices';
/** listed devices that are not among a job's devices yet: `id/number of the part` → ids as JSON */
export const JOB_LISTS = 'job-lists';
/** what commands tell their jobs: `id/number` → CommandNews */
export const JOB_NEWS = 'job-news';
/** Idempotency-Keys of jobs: `key` → KeyRecord as JSON */
export const JOB_KEYS = 'job-keys';

const NUMBER_DIGITS = 9;

/** @param number of the device among the job's, or of a part of its list */
export function jobDeviceKey(job: string, number: number): string {
  return recordKey(job, String(number).padStart(NUMBER_DIGITS, '0'));
}

/** The job and the number of a key of `JOB_DEVICES` and of `JOB_NEWS`. */
export function jobPlaceOf(key: string): { id: string; number: number } {
  const [id = '', number] = key.split('/');
  return { id, number: Number(number) };
}

import { type ErrorCode, HubError } from '../../channels/hub-error.js';
import type { RecordChange } from '../../engine/engine.js';
import type { CommandNews } from '../store/job-news.js';
import { JOB_LISTS, JOB_NEWS, jobDeviceKey, jobPlaceOf, rangeOf } from '../store/tables.js';
import type { Move } from './advance.js';
import type { JobAtWork } from './job-at-work.js';
import { deviceChange, type Job, readDevices, type StoredDevice } from './job-records.js';
import type { DeviceEnd, JobDevice } from './progress.js';
import { selectDevices } from './select-devices.js';
import { DEVICES_A_STEP } from './work.js';

/** News that one commit takes account of. */
const NEWS_A_STEP = 100;
/** What keeps a command from one device and not from the others. */
const REFUSALS: ReadonlySet<ErrorCode> = new Set(['queue_full', 'device_not_found', 'device_gone']);

/** Looks up further devices and puts them behind those that the job has. */
export async function selectMore(at: JobAtWork, job: Job): Promise<void> {
  const { plan, progress } = job;
  const { commits, commands } = at.parts;
  const { devices, cursor } = await selectDevices(commits.engine, plan, progress.cursor);
  if (progress.total + devices.length > commands.rules.maxJobDevices) {
    await at.note(job, { is: 'too_many_devices' });
    return;
  }
  const records = devices.map((device, i) =>
    deviceChange(plan.id, progress.total + i, { device, state: 'WAITING' }, 0),
  );
  if (plan.selector.by === 'list') records.push(partTaken(plan.id, progress.cursor));
  await at.note(job, { is: 'selected', devices: devices.length, cursor }, records);
}

function partTaken(job: string, cursor: string): RecordChange {
  return { table: JOB_LISTS, key: jobDeviceKey(job, Number(cursor)), value: undefined };
}

/** Sends their commands to the devices that were claimed, those left out that have it, and counts them. */
export async function sendClaimed(at: JobAtWork, job: Job): Promise<void> {
  const waiting = (await claimedOf(at, job)).filter(({ value }) => value.state === 'WAITING');
  const sent = await Promise.allSettled(waiting.map((device) => sendTo(at, job, device)));
  const failed = sent.find(({ status }) => status === 'rejected');
  if (failed) throw (failed as PromiseRejectedResult).reason;
  await countClaimed(at, job);
}

/** Counts those of the claimed devices that have their command, or refused it. */
export async function countClaimed(at: JobAtWork, job: Job): Promise<void> {
  const states = (await claimedOf(at, job)).map(({ value }) => value.state);
  const handled = states.filter((state) => state !== 'WAITING').length;
  const refused = states.filter((state) => state === 'REFUSED').length;
  await at.note(job, { is: 'sent', handled, refused });
}

/** The command and the word that the device has it are one commit: neither is there without the other. */
async function sendTo(at: JobAtWork, { plan }: Job, { number, value, revision }: StoredDevice): Promise<void> {
  const { device } = value;
  const { id, command, origin } = plan;
  const place = (state: Omit<JobDevice, 'device'>) => deviceChange(id, number, { device, ...state }, revision);
  try {
    const draft = { device, ...command, params: undefined, job: { id, number }, origin };
    await at.parts.commands.sendForJob(draft, (sent) => [place({ state: 'SENT', command: sent })]);
  } catch (error) {
    const { code, message } = HubError.from(error);
    if (!REFUSALS.has(code)) throw error;
    await at.parts.commits.commit({ records: [place({ state: 'REFUSED', error: message })] });
  }
}

/** Takes back the commands that still wait, of the next devices that have one. */
export async function takeBack(at: JobAtWork, job: Job): Promise<void> {
  const { withdrawn: from, claimed: before } = job.progress;
  const { commits, commands } = at.parts;
  const devices = await readDevices(commits.engine, job.plan.id, { from, before, limit: DEVICES_A_STEP });
  const sent = devices.map(({ value }) => value).filter(({ state }) => state === 'SENT');
  await Promise.all(sent.map(async ({ device, command }) => commands.withdraw(device, command as string)));
  await at.note(job, { is: 'withdrawn', upTo: Math.min(from + DEVICES_A_STEP, before) });
}

/**
 * Takes account of what commands told, and of each piece of it once.
 * @returns true when there may be more
 */
export async function takeNews(at: JobAtWork): Promise<boolean> {
  const { commits } = at.parts;
  const news = await commits.engine.table(JOB_NEWS).range({ ...rangeOf(at.id), limit: NEWS_A_STEP });
  if (news.length === 0) return false;
  const records: RecordChange[] = news.map(({ key, revision }) => deletion(key, revision));
  const job = await at.load();
  if (!job) {
    // It is no longer kept, and nobody wants to know.
    await commits.commit({ records });
    return true;
  }
  const moves: Move[] = [];
  for (const { key, value } of news) {
    const { number } = jobPlaceOf(key);
    const device = (await readDevices(commits.engine, at.id, { from: number, before: number + 1, limit: 1 }))[0];
    if (!device) continue;
    const state = value as CommandNews;
    moves.push({ from: endOf(device.value.state), to: endOf(state) });
    records.push(deviceChange(at.id, number, { ...device.value, state }, device.revision));
  }
  await at.note(job, { is: 'told', moves }, records);
  return true;
}

function deletion(key: string, ifRevision: number): RecordChange {
  return { table: JOB_NEWS, key, value: undefined, ifRevision };
}

function endOf(state: JobDevice['state']): DeviceEnd | undefined {
  return state === 'SENT' || state === 'WAITING' ? undefined : state;
}

function claimedOf(
  { parts }: JobAtWork,
  { plan, progress }: Job,
): Promise<readonly StoredDevice[]> | readonly StoredDevice[] {
  const { next: from, claimed: before } = progress;
  return readDevices(parts.commits.engine, plan.id, { from, before, limit: DEVICES_A_STEP });
}

import type { Engine, RecordChange } from '../../engine/engine.js';
import type { AttemptsRecord, RunRecord } from '../store/records.js';
import { ATTEMPTS, RUNS } from '../store/tables.js';
import type { TurnId } from './turn-id.js';

/** Nothing is known of what is open. */
const UNKNOWN: RunRecord = { open: [], isTrial: false };

/**
 * Notes that a plugin runs, once for each process of the hub. What was written down as open when a process ended without a
 * stop has failed once more, and is under suspicion.
 * @returns true: the last process ended so
 */
export async function beginRun(plugin: string, engine: Engine): Promise<boolean> {
  const last = await engine.table(RUNS).get(plugin);
  const { open, isTrial } = last ? (JSON.parse(last.value) as RunRecord) : UNKNOWN;
  const records: RecordChange[] = [runRecord(plugin, UNKNOWN)];
  for (const turn of open) records.push(await accusation(`${plugin}/${turn}`, isTrial, engine));
  await engine.commit({ records });
  return last !== undefined;
}

/** The hub stops, and no turn of the plugin is open. */
export async function endRun(plugin: string, engine: Engine): Promise<void> {
  await engine.commit({ records: [{ table: RUNS, key: plugin, value: undefined }] });
}

/** What is to be known of a plugin's turns when the process ends. */
export function runRecord(plugin: string, run: RunRecord): RecordChange {
  return { table: RUNS, key: plugin, value: JSON.stringify(run) };
}

export function attemptsKey(plugin: string, turn: TurnId): string {
  return `${plugin}/${turn}`;
}

async function accusation(key: string, isTrial: boolean, engine: Engine): Promise<RecordChange> {
  const before = await engine.table(ATTEMPTS).get(key);
  const failures = before ? (JSON.parse(before.value) as AttemptsRecord).failures : 0;
  const accused: AttemptsRecord = {
    failures: failures + 1,
    retryAt: 0,
    suspicion: isTrial ? 'alone' : 'shared',
  };
  return { table: ATTEMPTS, key, value: JSON.stringify(accused) };
}

import { retryOnConflict } from '../../devices/registry/retry-on-conflict.js';
import type { Engine, RecordChange } from '../../engine/engine.js';
import type { StoredRecord } from '../../engine/record-table.js';
import { timerTimeKey } from '../running/change-draft.js';
import { firstSegments } from '../store/first-segments.js';
import type { TimerRecord } from '../store/records.js';
import { below, STATE, TIMERS, TIMES } from '../store/tables.js';
import { stateBytes, type Usage } from '../store/usage.js';

/** Entries of a device's state that one commit deletes. */
const RECORDS_A_COMMIT = 500;

/** What plugins keep of a device, and how much of it a plugin that runs has counted. */
export interface Belongings {
  readonly plugin: string;
  /** the key under which it is kept */
  readonly device: string;
  /** undefined: the plugin does not run */
  readonly usage: Usage | undefined;
}

/** Plugins that keep state or timers, whether the configuration knows them or not; one look for each. */
export async function pluginsThatKeep(engine: Engine): Promise<ReadonlySet<string>> {
  const plugins = new Set<string>();
  for (const table of [STATE, TIMERS]) for await (const name of firstSegments(engine, table, '')) plugins.add(name);
  return plugins;
}

/** Deletes a plugin's state and timers of a device, a bounded number of records a commit. */
export async function dropBelongings(belongings: Belongings, engine: Engine): Promise<void> {
  await dropTimers(belongings, engine);
  await dropState(belongings, engine);
}

async function dropState({ plugin, device, usage }: Belongings, engine: Engine): Promise<void> {
  const range = { ...below(`${plugin}/k/${device}`), limit: RECORDS_A_COMMIT };
  const dropPage = async () => {
    const found = await engine.table(STATE).range(range);
    if (found.length > 0) await engine.commit({ records: found.map((record) => deletion(STATE, record)) });
    return found;
  };
  for (;;) {
    const dropped = await retryOnConflict(dropPage);
    if (dropped.length === 0) return;
    if (!usage) continue;
    for (const { key, value } of dropped) usage.stateBytes -= stateBytes(key.slice(plugin.length + 1), value);
  }
}

/** A plugin has as many names of timers as methods for them. */
async function dropTimers({ plugin, device, usage }: Belongings, engine: Engine): Promise<void> {
  for await (const name of firstSegments(engine, TIMERS, `${plugin}/`)) {
    const isDropped = await retryOnConflict(async () => {
      const timer = await engine.table(TIMERS).get(`${plugin}/${name}/${device}`);
      if (!timer) return false;
      const { dueAt } = JSON.parse(timer.value) as TimerRecord;
      const time = { table: TIMES, key: timerTimeKey(plugin, dueAt, name, device), value: undefined };
      await engine.commit({ records: [deletion(TIMERS, timer), time] });
      return true;
    });
    if (isDropped && usage) usage.timers--;
  }
}

/** Of a record as it was read. */
function deletion(table: string, { key, revision }: StoredRecord): RecordChange {
  return { table, key, value: undefined, ifRevision: revision };
}

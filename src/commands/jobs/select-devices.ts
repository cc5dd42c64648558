import {
  ATTRIBUTE_TABLE,
  type AttributeQuery,
  deviceOfKey,
  indexRange,
  matchesQuery,
} from '../../devices/registry/attribute-index.js';
import type { DeviceRecord } from '../../devices/registry/device-record.js';
import { DEVICE_TABLE, readDevice } from '../../devices/registry/device-record.js';
import type { Engine } from '../../engine/engine.js';
import type { StoredRecord } from '../../engine/record-table.js';
import { JOB_LISTS, jobDeviceKey } from '../store/tables.js';
import { matchesGlob, prefixOf } from './glob.js';
import type { DeviceQuery, JobPlan } from './plan.js';

/** Devices that one step looks at. */
export const CANDIDATES_A_STEP = 200;
/** behind every character that a device id has */
const BEHIND_ALL = '\x7f';

/** Devices that were found, none of which will be found again. */
export interface Selected {
  readonly devices: readonly string[];
  /** where to go on; undefined: these were the last */
  readonly cursor: string | undefined;
}

/**
 * The next devices of a job.
 * @param cursor of the step before; '' to begin
 */
export function selectDevices(engine: Engine, { id, selector }: JobPlan, cursor: string): Promise<Selected> {
  if (selector.by === 'list') return nextOfList(engine, id, selector.count, Number(cursor));
  const equality = selector.attributes.find(({ isPrefix }) => !isPrefix);
  return equality ? nextOfIndex(engine, selector, equality, cursor) : nextOfRegistry(engine, selector, cursor);
}

/** A list is kept in parts of as many devices as a step takes. */
async function nextOfList(engine: Engine, job: string, count: number, part: number): Promise<Selected> {
  const record = await engine.table(JOB_LISTS).get(jobDeviceKey(job, part));
  const devices = record ? (JSON.parse(record.value) as string[]) : [];
  const isLast = (part + 1) * CANDIDATES_A_STEP >= count;
  return { devices, cursor: isLast ? undefined : String(part + 1) };
}

/** Devices with one value of an attribute stand together and in the order of their ids, so none is met twice. */
async function nextOfIndex(
  engine: Engine,
  query: DeviceQuery,
  equality: AttributeQuery,
  cursor: string,
): Promise<Selected> {
  const { from, before } = indexRange(equality);
  const range = { from: cursor || from, before, limit: CANDIDATES_A_STEP };
  const entries = await engine.table(ATTRIBUTE_TABLE).range(range);
  const devices: string[] = [];
  for (const { key } of entries) {
    const device = deviceOfKey(key);
    const record = await engine.table(DEVICE_TABLE).get(device);
    if (record && isMeant(query, device, readDevice(record))) devices.push(device);
  }
  return { devices, cursor: behind(entries) };
}

/**
 * What only a prefix or a pattern tells is looked up among all devices: in the index of a prefix a device whose value
 * changes meanwhile could be met twice.
 */
async function nextOfRegistry(engine: Engine, query: DeviceQuery, cursor: string): Promise<Selected> {
  const prefix = prefixOf(query.pattern ?? '*');
  const range = { from: cursor || prefix, before: prefix + BEHIND_ALL, limit: CANDIDATES_A_STEP };
  const records = await engine.table(DEVICE_TABLE).range(range);
  const found = records.filter((record) => isMeant(query, record.key, readDevice(record)));
  return { devices: found.map(({ key }) => key), cursor: behind(records) };
}

function isMeant({ pattern, attributes }: DeviceQuery, device: string, record: DeviceRecord): boolean {
  if (pattern !== undefined && !matchesGlob(pattern, device)) return false;
  return attributes.every((query) => matchesQuery(record.attributes, query));
}

/** The key behind the last one of a full page. */
function behind(page: readonly StoredRecord[]): string | undefined {
  return page.length < CANDIDATES_A_STEP ? undefined : `${(page.at(-1) as StoredRecord).key}\u0001`;
}

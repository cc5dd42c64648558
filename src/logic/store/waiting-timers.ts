import type { Engine } from '../../engine/engine.js';
import type { Cause } from '../cause.js';
import type { TimerPlan } from '../running/effects.js';
import { firstSegments } from './first-segments.js';
import type { TimerRecord } from './records.js';
import { below, TIMERS, TIMES, timeOf, timePrefix } from './tables.js';

/** A timer that a plugin has set, and that has not come. */
export interface WaitingTimer extends Pick<TimerPlan, 'everyMs' | 'missed' | 'data'> {
  readonly name: string;
  readonly key: string;
  /** unix ms of the hub's steady time */
  readonly dueAt: number;
  readonly cause: Cause;
}

export interface TimerQuery {
  /** only timers of this key; left out: of all keys */
  readonly key?: string | undefined;
  /** what the page before gave as `next`; left out: from the first that is due on */
  readonly after?: string | undefined;
  readonly limit: number;
}

export interface TimerPage {
  /** in the order in which they are due */
  readonly timers: readonly WaitingTimer[];
  /** undefined: there are no more */
  readonly next: string | undefined;
}

/** Names of timers that are looked for with one key; a plugin has a few. */
const MAX_NAMES = 1_000;

/** A page of a plugin's timers, those that are due first at the head. */
export function waitingTimers(plugin: string, engine: Engine, query: TimerQuery): Promise<TimerPage> {
  const { key } = query;
  return key === undefined ? byTime(plugin, engine, query) : ofKey(plugin, engine, { ...query, key });
}

/** @returns undefined: there is no such timer */
export async function waitingTimer(
  plugin: string,
  engine: Engine,
  name: string,
  key: string,
): Promise<WaitingTimer | undefined> {
  const record = await engine.table(TIMERS).get(`${plugin}/${name}/${key}`);
  return record && { name, key, ...(JSON.parse(record.value) as TimerRecord) };
}

async function byTime(plugin: string, engine: Engine, { after, limit }: TimerQuery): Promise<TimerPage> {
  const own = below(plugin);
  const from = after === undefined ? own.from : `${plugin}/${after}\u0001`;
  const entries = await engine.table(TIMES).range({ ...own, from, limit });
  const timers: WaitingTimer[] = [];
  for (const entry of entries) {
    const { at, rest } = timeOf(plugin, entry.key);
    const [name = '', key = ''] = rest.split('/');
    const timer = await waitingTimer(plugin, engine, name, key);
    // Where it was set anew the entry of its old time goes a moment later.
    if (timer?.dueAt === at) timers.push(timer);
  }
  const last = entries.length < limit ? undefined : entries.at(-1);
  return { timers, next: last?.key.slice(plugin.length + 1) };
}

async function ofKey(
  plugin: string,
  engine: Engine,
  { key, after = '', limit }: TimerQuery & { readonly key: string },
): Promise<TimerPage> {
  const found: WaitingTimer[] = [];
  let looked = 0;
  for await (const name of firstSegments(engine, TIMERS, `${plugin}/`)) {
    if (++looked > MAX_NAMES) break;
    const timer = await waitingTimer(plugin, engine, name, key);
    if (timer) found.push(timer);
  }
  const places = found.map((timer) => ({ timer, place: placeOf(plugin, timer) }));
  const behind = places.filter(({ place }) => place > after).sort((a, b) => (a.place < b.place ? -1 : 1));
  const page = behind.slice(0, limit);
  const next = page.length < behind.length ? page.at(-1)?.place : undefined;
  return { timers: page.map(({ timer }) => timer), next };
}

/** Where it stands in the order of time. */
function placeOf(plugin: string, { dueAt, name, key }: WaitingTimer): string {
  return `${timePrefix(plugin, dueAt)}/${name}/${key}`.slice(plugin.length + 1);
}

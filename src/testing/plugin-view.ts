import { readAll } from '../devices/registry/read-all.js';
import type { Engine } from '../engine/engine.js';
import type { DeadLetter, PluginStatus, RedriveResult } from '../logic/plugin-status.js';
import type { OutboxRecord, TimerRecord } from '../logic/store/records.js';
import { below, OUTBOX, STATE, TIMERS } from '../logic/store/tables.js';
import type { HubLife } from './hub/hub-life.js';

/** A timer that a plugin has set. */
export interface PluginTimer {
  readonly name: string;
  readonly key: string;
  /** unix ms, of the hub's time */
  readonly dueAt: number;
  /** undefined: it does not repeat */
  readonly everyMs: number | undefined;
  readonly data: unknown;
}

/** Something that a plugin has put into its outbox and that is not done. */
export type PluginOutboxItem = Pick<OutboxRecord, 'id' | 'name' | 'key' | 'data'>;

/** What a plugin keeps in the hub, for a test to look at. */
export interface PluginView {
  readonly name: string;
  /** state, counters, and what waits, as the admin API tells them */
  status(): PluginStatus;
  /** What it keeps for a key, by name; without a key, what it keeps for all together. */
  state(key?: string): Promise<Readonly<Record<string, unknown>>>;
  /** Its timers, by name and key. */
  timers(): Promise<readonly PluginTimer[]>;
  outbox(): Promise<readonly PluginOutboxItem[]>;
  /** Turns that were given up for good, the oldest first. */
  deadLetters(): Promise<readonly DeadLetter[]>;
  /** Calls the handler of a dead letter once more. */
  redrive(id: string): Promise<RedriveResult>;
}

/** As many as a plugin can have. */
const ALL_LETTERS = 1_000;

/** @param life of the hub as it is now @param during runs something as a part of the hub, and settles */
export function pluginView(
  name: string,
  life: () => HubLife,
  during: <T>(work: () => Promise<T>) => Promise<T>,
): PluginView {
  return {
    name,
    status: () => statusOf(name, life()),
    state: (key) => stateOf(life().engine, `${name}/${key === undefined ? 'g' : `k/${key}`}`),
    timers: () => timersOf(life().engine, name),
    outbox: () => outboxOf(life().engine, name),
    deadLetters: () => life().logic.deadLetters(name, '', ALL_LETTERS),
    redrive: (id) => during(() => life().logic.redrive(name, id)),
  };
}

function statusOf(name: string, { logic }: HubLife): PluginStatus {
  const plugins = logic.list();
  const found = plugins.find((plugin) => plugin.name === name);
  if (found) return found;
  throw new Error(`This hub has no plugin "${name}"; it has ${plugins.map((plugin) => plugin.name).join(', ')}.`);
}

async function stateOf(engine: Engine, prefix: string): Promise<Record<string, unknown>> {
  const state: Record<string, unknown> = {};
  for await (const { key, value } of readAll(engine.table(STATE), below(prefix))) {
    state[key.slice(prefix.length + 1)] = JSON.parse(value);
  }
  return state;
}

async function timersOf(engine: Engine, plugin: string): Promise<PluginTimer[]> {
  const timers: PluginTimer[] = [];
  for await (const { key: record, value } of readAll(engine.table(TIMERS), below(plugin))) {
    const [name = '', key = ''] = record.slice(plugin.length + 1).split('/');
    const { dueAt, everyMs, data } = JSON.parse(value) as TimerRecord;
    timers.push({ name, key, dueAt, everyMs, data });
  }
  return timers;
}

async function outboxOf(engine: Engine, plugin: string): Promise<PluginOutboxItem[]> {
  const items: PluginOutboxItem[] = [];
  for await (const { value } of readAll(engine.table(OUTBOX), below(plugin))) {
    const { id, name, key, data } = JSON.parse(value) as OutboxRecord;
    items.push({ id, name, key, data });
  }
  return items;
}

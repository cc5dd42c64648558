import { Buffer } from 'node:buffer';
import { readAll } from '../../devices/registry/read-all.js';
import type { Engine } from '../../engine/engine.js';
import { below, OUTBOX, STATE, TIMERS } from './tables.js';

/** How much a plugin keeps. Counted once when it starts, and kept up with every commit. */
export interface Usage {
  /** names and values of its state */
  stateBytes: number;
  timers: number;
  outboxItems: number;
}

export async function countUsage(plugin: string, engine: Engine): Promise<Usage> {
  const usage: Usage = { stateBytes: 0, timers: 0, outboxItems: 0 };
  const range = below(plugin);
  for await (const { key, value } of readAll(engine.table(STATE), range)) {
    usage.stateBytes += stateBytes(key.slice(plugin.length + 1), value);
  }
  for await (const _ of readAll(engine.table(TIMERS), range)) usage.timers++;
  for await (const _ of readAll(engine.table(OUTBOX), range)) usage.outboxItems++;
  return usage;
}

/** What an entry of the state counts with. @param value JSON; undefined: there is none */
export function stateBytes(entry: string, value: string | undefined): number {
  return value === undefined ? 0 : Buffer.byteLength(entry) + Buffer.byteLength(value);
}

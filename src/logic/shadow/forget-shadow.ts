import { readAll } from '../../devices/registry/read-all.js';
import type { Engine } from '../../engine/engine.js';
import { ATTEMPTS, below, LETTERS, OUTBOX, STATE, TIMERS, TIMES } from '../store/tables.js';

const RECORDS_AT_ONCE = 500;

/** Deletes what a candidate version kept that is one no longer. @param name with the suffix */
export async function forgetShadow(name: string, engine: Engine): Promise<void> {
  for (const table of [STATE, TIMERS, TIMES, OUTBOX, LETTERS, ATTEMPTS]) {
    let keys: string[] = [];
    const drop = async () => {
      if (keys.length > 0) await engine.commit({ records: keys.map((key) => ({ table, key, value: undefined })) });
      keys = [];
    };
    for await (const { key } of readAll(engine.table(table), below(name))) {
      keys.push(key);
      if (keys.length >= RECORDS_AT_ONCE) await drop();
    }
    await drop();
  }
}

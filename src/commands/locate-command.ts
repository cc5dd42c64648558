import type { Engine } from '../engine/engine.js';
import { ENDED, LIVE, rangeOf, recordKey } from './store/tables.js';

/** Devices that are looked at before everything else has its turn. */
const DEVICES_AT_ONCE = 256;
const ID = /^[0-9A-Z]{26}$/;

/**
 * The device that a command was sent to. Records are kept by device, so every device that has commands is asked: for
 * people, not for programs.
 * @returns undefined: no device has it, or it is no longer kept
 */
export async function locateCommand(engine: Engine, id: string): Promise<string | undefined> {
  if (!ID.test(id)) return undefined;
  for (const name of [LIVE, ENDED]) {
    const table = engine.table(name);
    let asked = 0;
    for (let [first] = await table.range({ limit: 1 }); first; ) {
      const device = first.key.slice(0, first.key.indexOf('/'));
      if (await table.get(recordKey(device, id))) return device;
      [first] = await table.range({ from: rangeOf(device).before, limit: 1 });
      if (++asked % DEVICES_AT_ONCE === 0) await new Promise((resolve) => setImmediate(resolve));
    }
  }
  return undefined;
}

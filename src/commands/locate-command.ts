import type { Engine } from '../engine/engine.js';
import { deviceMark, markIn } from './command-ids.js';
import { ENDED, LIVE, rangeOf, recordKey } from './store/tables.js';

/** Devices that are looked at before everything else has its turn: whose names are compared, and whose records are read. */
const NAMES_AT_ONCE = 4_096;
const DEVICES_AT_ONCE = 256;
const ID = /^[0-9A-HJKMNP-TV-Z]{26}$/;

/**
 * The device that a command was sent to: one of those whose mark ends its id. Only for commands of devices that are not
 * registered, and for ids of a version that gave them no mark, the records of all devices are looked through.
 * @param registered ids of devices
 * @returns undefined: no device has it, or it is no longer kept
 */
export async function locateCommand(
  engine: Engine,
  id: string,
  registered: Iterable<string>,
): Promise<string | undefined> {
  if (!ID.test(id)) return undefined;
  const marked = await markedDevices(id, registered);
  for (const device of marked) {
    for (const table of [LIVE, ENDED]) if (await engine.table(table).get(recordKey(device, id))) return device;
  }
  return marked.length > 0 ? undefined : lookThrough(engine, id);
}

async function markedDevices(id: string, registered: Iterable<string>): Promise<readonly string[]> {
  const mark = markIn(id);
  const marked: string[] = [];
  let asked = 0;
  for (const device of registered) {
    if (deviceMark(device) === mark) marked.push(device);
    if (++asked % NAMES_AT_ONCE === 0) await nextTurn();
  }
  return marked;
}

/** Records are kept by device, so every device that has commands is asked. */
async function lookThrough(engine: Engine, id: string): Promise<string | undefined> {
  for (const name of [LIVE, ENDED]) {
    const table = engine.table(name);
    let asked = 0;
    for (let [first] = await table.range({ limit: 1 }); first; ) {
      const device = first.key.slice(0, first.key.indexOf('/'));
      if (await table.get(recordKey(device, id))) return device;
      [first] = await table.range({ from: rangeOf(device).before, limit: 1 });
      if (++asked % DEVICES_AT_ONCE === 0) await nextTurn();
    }
  }
  return undefined;
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

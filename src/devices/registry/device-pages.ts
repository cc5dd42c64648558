import type { Engine } from '../../engine/engine.js';
import type { StoredRecord } from '../../engine/record-table.js';
import type { Fleet } from '../fleet.js';
import type { PresenceState } from '../presence.js';
import { ATTRIBUTE_TABLE, type AttributeQuery, deviceOfKey, indexRange, matchesQuery } from './attribute-index.js';
import { DEVICE_TABLE, type RegisteredDevice, readDevice } from './device-record.js';

/** Which devices a page has; all that is given must hold. */
export interface DeviceQuery {
  readonly presence?: PresenceState | undefined;
  readonly attribute?: AttributeQuery | undefined;
  /** what the page before gave as `next` */
  readonly after?: string | undefined;
  /** devices on the page */
  readonly limit: number;
}

export interface DevicePage {
  readonly devices: readonly RegisteredDevice[];
  /** undefined: there are no more */
  readonly next: string | undefined;
}

/** Records looked at for one page: a filter that few devices pass gives short pages instead of holding up the hub. */
const MAX_LOOKED_AT = 5_000;
const RECORDS_PER_READ = 500;

/** Lists devices in the order of their ids, or of the attribute that is asked for. */
export class DevicePages {
  constructor(
    private readonly engine: Engine,
    private readonly fleet: Fleet,
  ) {}

  async list({ presence, attribute, after, limit }: DeviceQuery): Promise<DevicePage> {
    const table = this.engine.table(attribute ? ATTRIBUTE_TABLE : DEVICE_TABLE);
    const range: { from?: string; before?: string } = attribute ? indexRange(attribute) : {};
    const devices: RegisteredDevice[] = [];
    let last = after;
    for (let looked = 0; looked < MAX_LOOKED_AT; ) {
      const from = last === undefined ? range.from : `${last}\u0001`;
      const records = await table.range({ ...range, from, limit: RECORDS_PER_READ });
      for (const record of records) {
        // One more would fit no more: there is a next page, and it begins behind the last one.
        if (devices.length === limit) return { devices, next: last };
        const found = await this.deviceOf(record, attribute);
        if (found && (!presence || found.device.presence.state === presence)) devices.push(found);
        last = record.key;
      }
      if (records.length < RECORDS_PER_READ) return { devices, next: undefined };
      looked += records.length;
    }
    return { devices, next: last };
  }

  /** Undefined for one that is being deleted, or that the index only seemed to lead to. */
  private async deviceOf(record: StoredRecord, query?: AttributeQuery): Promise<RegisteredDevice | undefined> {
    const id = query ? deviceOfKey(record.key) : record.key;
    const device = this.fleet.find(id);
    const stored = query ? await this.engine.table(DEVICE_TABLE).get(id) : record;
    if (!device || !stored) return undefined;
    const found = { id, device, revision: stored.revision, ...readDevice(stored) };
    return !query || matchesQuery(found.attributes, query) ? found : undefined;
  }
}

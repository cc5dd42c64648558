import type { Channels } from '../../channels/channels.js';
import type { Commits } from '../../channels/commits.js';
import { HubError } from '../../channels/hub-error.js';
import type { Revision } from '../../engine/record-table.js';
import { checkDeviceId } from '../device-id.js';
import type { Fleet } from '../fleet.js';
import type { PresenceRecord } from '../presence-record.js';
import type { TrackedDevice } from '../tracked-device.js';
import { indexChanges } from './attribute-index.js';
import { type Attributes, checkAttributes } from './attributes.js';
import { DeviceDeletion } from './device-deletion.js';
import { DEVICE_TABLE, type DeviceRecord, type RegisteredDevice, readDevice, writeDevice } from './device-record.js';
import { PRESENCE_TABLE, readPresence } from './presence-journal.js';
import { readAll } from './read-all.js';
import { retryOnConflict } from './retry-on-conflict.js';

export interface RegistryOptions {
  /** closed: only registered devices are served */
  readonly registration: 'open' | 'closed';
}

/** Who asks for a registration: a device cannot open a closed registration for itself, an operator can. */
export interface Registration {
  readonly attributes: Attributes;
  readonly asOperator: boolean;
  /** the revision that the record must have; left out: whatever is there */
  readonly ifRevision?: Revision | undefined;
}

export interface RegistryParts {
  readonly commits: Commits;
  readonly channels: Channels;
  readonly fleet: Fleet;
  readonly options: RegistryOptions;
  /** what went wrong beside a request that is served all the same */
  readonly onFault: (error: unknown) => void;
}

/** Which devices there are. Each is a record of the engine, and an object of the fleet in memory. */
export class Registry {
  /** deletes what other rooms keep of a device */
  readonly deletion: DeviceDeletion;

  constructor(private readonly parts: RegistryParts) {
    this.deletion = new DeviceDeletion(parts);
  }

  /** Brings back all devices after a start; those that are half deleted are deleted. */
  async load(): Promise<void> {
    await this.deletion.finishAll();
    const { fleet, commits } = this.parts;
    const presences = new Map<string, PresenceRecord>();
    for await (const record of readAll(commits.engine.table(PRESENCE_TABLE))) {
      presences.set(record.key, readPresence(record));
    }
    for await (const { key } of readAll(commits.engine.table(DEVICE_TABLE))) fleet.restore(key, presences.get(key));
  }

  /** A device as it is in memory; undefined when there is none. */
  find(id: string): TrackedDevice | undefined {
    return this.parts.fleet.find(id);
  }

  /** The device that polls a location; undefined when it is unknown and cannot be registered. Such a poll is served all the same. */
  polling(id: string): TrackedDevice | undefined {
    const known = this.parts.fleet.find(id);
    if (known || this.parts.options.registration === 'closed') return known;
    return this.parts.fleet.hasRoom && !this.deletion.isUnderWay(id) ? this.admit(id) : undefined;
  }

  /**
   * The device that asks for something under /v1, registered by that when registration is open.
   * @throws HubError `device_not_found`, `device_gone`, `device_limit`
   */
  asking(id: string): TrackedDevice {
    const known = this.parts.fleet.find(id);
    if (known) return known;
    if (this.parts.options.registration === 'closed') throw unregistered(id);
    this.deletion.refuse(id);
    return this.admit(id);
  }

  /**
   * Sees that something may be sent to a device. One that is unknown may come yet, unless registration is closed.
   * @throws HubError `device_not_found`, `device_gone`
   */
  checkReceiver(id: string): void {
    this.deletion.refuse(id);
    if (this.parts.options.registration === 'closed' && !this.parts.fleet.find(id)) throw unregistered(id);
  }

  /**
   * Registers a device, or gives one that is registered other attributes.
   * @throws HubError `invalid_device_id`, `invalid_payload`, `device_not_found`, `device_gone`, `device_limit`; EngineError
   */
  async register(id: string, { attributes, asOperator, ifRevision }: Registration): Promise<{ isNew: boolean }> {
    checkDeviceId(id);
    const { fleet, options } = this.parts;
    if (options.registration === 'closed' && !asOperator && !fleet.find(id)) throw unregistered(id);
    checkAttributes(attributes);
    this.deletion.refuse(id);
    const isNew = !fleet.find(id);
    const device = fleet.find(id) ?? fleet.add(id);
    try {
      if (ifRevision !== undefined) await this.write(id, attributes, ifRevision);
      else await retryOnConflict(() => this.write(id, attributes));
    } catch (error) {
      if (isNew) fleet.remove(device);
      throw error;
    }
    return { isNew };
  }

  /** @throws HubError `device_not_found` */
  async get(id: string): Promise<RegisteredDevice> {
    const device = this.parts.fleet.find(id);
    const stored = device && (await this.table.get(id));
    if (!stored) throw new HubError('device_not_found', `There is no device "${id.slice(0, 140)}".`);
    return { id, device, revision: stored.revision, ...readDevice(stored) };
  }

  /** Deletes a device with all that belongs to it. @throws HubError `device_not_found`, `device_gone` */
  async delete(id: string): Promise<void> {
    this.deletion.refuse(id);
    await this.deletion.begin(await this.get(id));
  }

  private get table() {
    return this.parts.commits.engine.table(DEVICE_TABLE);
  }

  /** Registers a device by its contact. Nobody is told of it before, so nobody waits for it. */
  private admit(id: string): TrackedDevice {
    const device = this.parts.fleet.add(id);
    this.write(id, {}, 0, 'contact').catch((error: unknown) => {
      // Unknown again, so that its next contact registers it.
      this.parts.fleet.remove(device);
      this.parts.onFault(error);
    });
    return device;
  }

  private async write(
    id: string,
    attributes: Attributes,
    ifRevision?: Revision,
    by: DeviceRecord['registeredBy'] = 'request',
  ): Promise<void> {
    const { commits, channels } = this.parts;
    const stored = await this.table.get(id);
    const old = stored ? readDevice(stored) : undefined;
    const record = { registeredAt: channels.clock.now(), registeredBy: by, ...old, attributes };
    const change = { table: DEVICE_TABLE, key: id, value: writeDevice(record) };
    await commits.commit({
      records: [
        { ...change, ifRevision: ifRevision ?? stored?.revision ?? 0 },
        ...indexChanges(id, old?.attributes ?? {}, attributes),
      ],
    });
  }
}

function unregistered(id: string): HubError {
  return new HubError(
    'device_not_found',
    `Device "${id.slice(0, 140)}" is not registered, and devices.registration is closed: an operator registers it with ` +
      'PUT /admin/devices/{id}.',
  );
}

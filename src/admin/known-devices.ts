import { HubError } from '../channels/hub-error.js';
import { tellHistory } from '../commands/told-history.js';
import { viewDevice } from '../devices/device-view.js';
import type { AttributeQuery } from '../devices/registry/attribute-index.js';
import type { RegisteredDevice } from '../devices/registry/device-record.js';
import { tellSteps } from '../devices/told-steps.js';
import { formatPosition, secondOf } from '../engine/position.js';
import type { AdminParts } from './admin-parts.js';
import { cursorOf, readCursor } from './cursor.js';
import type { DeviceDetail, DevicePage, DevicePageQuery, DeviceState, LastEvent } from './device.dto.js';
import type { Story } from './story.dto.js';

/** Event types of one device that are shown. */
const MAX_TYPES = 100;

/** The registered devices as the admin API shows them. */
export class KnownDevices {
  constructor(readonly parts: Pick<AdminParts, 'devices' | 'commands' | 'channels'>) {}

  async page({ presence, attribute, attributePrefix, after, limit }: DevicePageQuery): Promise<DevicePage> {
    const query = {
      presence,
      limit,
      attribute: attributeQuery(attribute, attributePrefix),
      after: after === undefined ? undefined : readCursor(after)?.id,
    };
    const { devices, next } = await this.parts.devices.pages.list(query);
    return { devices: devices.map(deviceState), next: next === undefined ? null : cursorOf({ group: '', id: next }) };
  }

  /** @throws HubError `device_not_found` */
  async detail(id: string): Promise<DeviceDetail> {
    const { registry, desired } = this.parts.devices;
    const found = await registry.get(id);
    const state = await desired.get(id);
    return {
      ...deviceState(found),
      lastEvents: this.lastEventsOf(id),
      desiredVersion: state?.version ?? null,
      reportedVersion: state?.reported?.version ?? null,
    };
  }

  /** What a device and a command did last, told in sentences. @throws HubError `device_not_found`, `command_not_found` */
  async story(id: string, command: string | undefined): Promise<Story> {
    const { device } = await this.parts.devices.registry.get(id);
    const found = command === undefined ? undefined : await this.parts.commands.find(id, command);
    const steps = [...tellSteps(device.blackBox.steps()), ...(found ? tellHistory(found) : [])];
    const state = found ? ` Command ${found.seq} ("${found.name}", ${found.id}) is ${found.state.is}.` : '';
    return {
      now: `Device "${id}" is ${device.presence.state}.${state}`,
      steps: steps.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0)),
    };
  }

  private lastEventsOf(id: string): LastEvent[] {
    const prefix = `devices/${id}/events/`;
    const channels = this.parts.channels.list({ group: '', prefix, limit: MAX_TYPES });
    return channels
      .filter(({ log }) => log.last > 0)
      .map(({ key, log }) => ({
        type: key.slice(prefix.length),
        position: formatPosition(log.last),
        at: new Date(secondOf(log.last) * 1000).toISOString(),
      }));
  }
}

function deviceState(found: RegisteredDevice): DeviceState {
  const { id, attributes, ...rest } = viewDevice(found);
  return { id, href: `/admin/devices/${id}`, attributes: { ...attributes }, ...rest };
}

/** @throws HubError `bad_request` when both are given */
function attributeQuery(equal: string | undefined, prefix: string | undefined): AttributeQuery | undefined {
  if (equal !== undefined && prefix !== undefined) {
    throw new HubError('bad_request', 'One of "attribute" and "attributePrefix" is allowed, not both.');
  }
  const text = equal ?? prefix;
  if (text === undefined) return undefined;
  const end = text.indexOf('=');
  return { name: text.slice(0, end), value: text.slice(end + 1), isPrefix: equal === undefined };
}

import type { PresenceState } from './presence.js';
import type { Attributes } from './registry/attributes.js';
import type { RegisteredDevice } from './registry/device-record.js';

/** A device as JSON answers tell it. Times are ISO 8601. */
export interface DeviceView {
  readonly id: string;
  readonly attributes: Attributes;
  readonly registeredAt: string;
  readonly registeredBy: 'contact' | 'request';
  /** changes with every change of the attributes */
  readonly revision: number;
  readonly presence: PresenceState;
  /** null: never */
  readonly lastContact: string | null;
  /** when a command can reach it at the latest; null when that cannot be said */
  readonly nextContactBy: string | null;
}

export function viewDevice(registered: RegisteredDevice): DeviceView {
  const { id, attributes, registeredAt, registeredBy, revision, device } = registered;
  return {
    id,
    attributes,
    registeredAt: new Date(registeredAt).toISOString(),
    registeredBy,
    revision,
    presence: device.presence.state,
    lastContact: isoTime(device.lastContactAt),
    nextContactBy: isoTime(device.nextContactBy),
  };
}

/** @param unixMs undefined gives null */
export function isoTime(unixMs: number | undefined): string | null {
  return unixMs === undefined ? null : new Date(unixMs).toISOString();
}

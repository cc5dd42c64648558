import type { Revision, StoredRecord } from '../../engine/record-table.js';
import type { TrackedDevice } from '../tracked-device.js';
import type { Attributes } from './attributes.js';

/** registered devices: `device` → DeviceRecord as JSON */
export const DEVICE_TABLE = 'devices';
/** devices that are being deleted: `device` → the ids of its channels as JSON */
export const DELETION_TABLE = 'device-deletions';

/** What is kept of a device. */
export interface DeviceRecord {
  readonly attributes: Attributes;
  /** unix ms */
  readonly registeredAt: number;
  /** by its first event or poll, or by a request that registers it */
  readonly registeredBy: 'contact' | 'request';
}

/** A registered device with what is kept of it. */
export interface RegisteredDevice extends DeviceRecord {
  readonly id: string;
  /** of the record; changes with every change of the attributes */
  readonly revision: Revision;
  readonly device: TrackedDevice;
}

export function writeDevice(record: DeviceRecord): string {
  return JSON.stringify(record);
}

export function readDevice({ value }: StoredRecord): DeviceRecord {
  return JSON.parse(value) as DeviceRecord;
}

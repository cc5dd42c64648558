import type { Commits } from '../../channels/commits.js';
import type { ChangeSet, RecordChange } from '../../engine/engine.js';
import type { StoredRecord } from '../../engine/record-table.js';
import { patienceMs } from '../contact-gap.js';
import { eventChannel } from '../device-id.js';
import { isoTime } from '../device-view.js';
import { type DeviceEventOptions, eventDraft } from '../event-draft.js';
import type { PresenceChange } from '../fleet.js';
import type { PresenceState } from '../presence.js';
import type { PresenceRecord } from '../presence-record.js';
import type { TrackedDevice } from '../tracked-device.js';

/** The event type that tells of a device's presence. Devices cannot post it: `$` is not allowed in theirs. */
export const PRESENCE = '$presence';
/** what a restart needs to know of devices' presence: `device` → PresenceRecord as JSON */
export const PRESENCE_TABLE = 'device-presence';

/** The data of a presence event. Times are ISO 8601. */
export interface PresenceNews {
  readonly presence: PresenceState;
  readonly was: PresenceState;
  /** null: never since the hub started */
  readonly lastContact: string | null;
  /** when a command can reach it at the latest; null when that cannot be said */
  readonly nextContactBy: string | null;
}

/**
 * Writes down what must outlive the hub of devices' presence, and tells changes as events on
 * `devices/{id}/events/$presence`, both in one commit.
 */
export class PresenceJournal {
  constructor(
    private readonly commits: Commits,
    private readonly clock: { now(): number },
    private readonly options: DeviceEventOptions,
    /** what a change that could not be kept is told to: the device has nothing to do with it */
    private readonly onFault: (error: unknown) => void,
  ) {}

  /** A device came, is late, is gone or came back. */
  tell({ device, was }: PresenceChange): void {
    const news: PresenceNews = {
      presence: device.presence.state,
      was: was.state,
      lastContact: isoTime(device.lastContactAt),
      nextContactBy: isoTime(device.nextContactBy),
    };
    const message = eventDraft(
      { body: Buffer.from(JSON.stringify(news)), contentType: 'application/json' },
      this.clock.now(),
      this.options,
    );
    const channel = eventChannel(device.id, PRESENCE);
    this.commit({ records: [recordOf(device)], messages: [{ channel, message }] });
  }

  /** A device's patience has become another than the one that was written down. */
  keep(device: TrackedDevice): void {
    this.commit({ records: [recordOf(device)] });
  }

  private commit(changes: ChangeSet): void {
    // Called in the middle of a poll or an event, which goes on whatever becomes of this.
    (async () => this.commits.commit(changes))().catch(this.onFault);
  }
}

export function readPresence({ value }: StoredRecord): PresenceRecord {
  return JSON.parse(value) as PresenceRecord;
}

function recordOf(device: TrackedDevice): RecordChange {
  const { presence, lastContactAt } = device;
  device.recordedPatienceMs = patienceMs(presence.gap);
  const record: PresenceRecord = { isOffline: presence.state === 'offline', gap: presence.gap, lastContactAt };
  return { table: PRESENCE_TABLE, key: device.id, value: JSON.stringify(record) };
}

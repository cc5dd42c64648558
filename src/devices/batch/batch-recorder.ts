import type { Channels } from '../../channels/channels.js';
import type { Commits } from '../../channels/commits.js';
import type { MessageChange, RecordChange } from '../../engine/engine.js';
import type { Position } from '../../engine/position.js';
import { checkDeviceId, eventChannel } from '../device-id.js';
import { type DeviceEventOptions, eventDraft } from '../event-draft.js';
import type { Registry } from '../registry/registry.js';
import { retryOnConflict } from '../registry/retry-on-conflict.js';
import { type BatchEvent, readBatch } from './event-batch.js';
import type { EventIds } from './event-ids.js';

/** What became of a batch: for each event its position, or null for one that was stored before. */
export type BatchOutcome = readonly (Position | null)[];

export interface BatchParts {
  readonly commits: Commits;
  readonly channels: Channels;
  readonly registry: Registry;
  readonly ids: EventIds;
  readonly options: DeviceEventOptions;
}

/** Stores many events of a device at once, all of them or none. */
export class BatchRecorder {
  constructor(private readonly parts: BatchParts) {}

  /**
   * @param body a JSON array of events, or one event a line
   * @throws HubError `invalid_device_id`, `device_not_found`, `device_gone`, `device_limit`, `bad_json`, `invalid_payload`,
   *   `invalid_event_type`, `channel_limit`; EngineError. Nothing is stored then.
   */
  async record(device: string, body: Buffer): Promise<BatchOutcome> {
    this.parts.registry.asking(checkDeviceId(device)).contacted();
    const events = readBatch(body);
    return retryOnConflict(() => this.store(device, events));
  }

  private async store(device: string, events: readonly BatchEvent[]): Promise<BatchOutcome> {
    const { commits, ids } = this.parts;
    const records = new Map<string, RecordChange>();
    const isNew: boolean[] = [];
    for (const { id } of events) {
      const isRepeated = id !== undefined && (records.has(id) || (await ids.isKnown(device, id)));
      isNew.push(!isRepeated);
      if (id !== undefined && !isRepeated) records.set(id, await ids.remember(device, id));
    }
    const messages = events.filter((_, i) => isNew[i]).map((event) => this.messageOf(device, event));
    if (messages.length === 0) return events.map(() => null);
    const stored = (await commits.commit({ records: [...records.values()], messages })).messages.values();
    return isNew.map((one) => (one ? (stored.next().value?.position ?? null) : null));
  }

  private messageOf(device: string, { type, dataJson }: BatchEvent): MessageChange {
    const { channels, options } = this.parts;
    const message = eventDraft(
      { body: Buffer.from(dataJson), contentType: 'application/json' },
      channels.clock.now(),
      options,
    );
    return { channel: eventChannel(device, type), message };
  }
}

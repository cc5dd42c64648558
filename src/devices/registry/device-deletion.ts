import { channelNameOf } from '../../channels/channel-key.js';
import type { Channels } from '../../channels/channels.js';
import type { Commits } from '../../channels/commits.js';
import { HubError } from '../../channels/hub-error.js';
import type { Fleet } from '../fleet.js';
import { indexChanges } from './attribute-index.js';
import { DELETION_TABLE, DEVICE_TABLE, type RegisteredDevice } from './device-record.js';
import { PRESENCE_TABLE } from './presence-journal.js';
import { readAll } from './read-all.js';

/** Deletes what a room keeps of a device. Called again after a crash in the middle, so it must not mind what is gone. */
export type DropBelongings = (device: string) => Promise<void>;

export interface DeletionParts {
  readonly commits: Commits;
  readonly channels: Channels;
  readonly fleet: Fleet;
}

const CHANNELS_PER_PAGE = 1_000;

/**
 * Deletes devices. The first commit takes the device's record away and notes that it is being deleted; then go its
 * channels and what other rooms keep of it; the last commit takes the note away. A hub that was killed in between goes on
 * from the note when it starts, before it serves anybody.
 */
export class DeviceDeletion {
  private readonly underWay = new Set<string>();
  private readonly drops: DropBelongings[] = [];

  constructor(private readonly parts: DeletionParts) {}

  /** Lets a room delete what it keeps of devices. */
  alsoDrop(drop: DropBelongings): void {
    this.drops.push(drop);
  }

  isUnderWay(id: string): boolean {
    return this.underWay.has(id);
  }

  /** @throws HubError `device_gone` while the device is being deleted */
  refuse(id: string): void {
    if (!this.underWay.has(id)) return;
    throw new HubError('device_gone', `Device "${id}" is being deleted. It can be registered anew in a moment.`);
  }

  /** @throws EngineError; the device is still there then */
  async begin(registered: RegisteredDevice): Promise<void> {
    const { id, device } = registered;
    this.underWay.add(id);
    // First of all, so that nothing is written down of its presence any more.
    this.parts.fleet.remove(device);
    try {
      const channels = this.channelsOf(id);
      await this.commitNote(registered, channels);
      await this.finish(id, channels);
    } finally {
      this.underWay.delete(id);
    }
  }

  private async commitNote({ id, device, revision, attributes }: RegisteredDevice, channels: string[]): Promise<void> {
    try {
      await this.parts.commits.commit({
        records: [
          { table: DEVICE_TABLE, key: id, value: undefined, ifRevision: revision },
          { table: PRESENCE_TABLE, key: id, value: undefined },
          { table: DELETION_TABLE, key: id, value: JSON.stringify(channels) },
          ...indexChanges(id, attributes, {}),
        ],
      });
    } catch (error) {
      this.parts.fleet.restore(id, { isOffline: false, gap: device.presence.gap, lastContactAt: device.lastContactAt });
      throw error;
    }
  }

  /** Goes on with deletions that a crash interrupted. */
  async finishAll(): Promise<void> {
    for await (const { key, value } of readAll(this.parts.commits.engine.table(DELETION_TABLE))) {
      await this.finish(key, JSON.parse(value) as string[]);
    }
  }

  private async finish(id: string, channels: readonly string[]): Promise<void> {
    for (const channel of new Set([...channels, ...this.channelsOf(id)])) this.dropChannel(channel);
    for (const drop of this.drops) await drop(id);
    // What was published between the commit and its being safe.
    for (const channel of this.channelsOf(id)) this.dropChannel(channel);
    await this.parts.commits.commit({ records: [{ table: DELETION_TABLE, key: id, value: undefined }] });
  }

  /** Ends its polls with 410 and forgets its messages, also those that an engine has and nobody has opened yet. */
  private dropChannel(channel: string): void {
    const { channels } = this.parts;
    if (!channels.delete(channel)) channels.log.remove(channel);
  }

  /** Also those that are on disk and not open; none is opened for it. */
  private channelsOf(id: string): string[] {
    const found: string[] = [];
    const range = { group: '', prefix: `devices/${id}/`, limit: CHANNELS_PER_PAGE };
    for (let after: string | undefined; ; after = channelNameOf(found.at(-1) as string).id) {
      const page = this.parts.channels.log.channels({ ...range, after });
      found.push(...page);
      if (page.length < CHANNELS_PER_PAGE) return found;
    }
  }
}

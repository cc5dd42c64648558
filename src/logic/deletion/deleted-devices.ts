import { readAll } from '../../devices/registry/read-all.js';
import type { Engine } from '../../engine/engine.js';
import type { Position } from '../../engine/position.js';
import { DELETIONS } from '../store/tables.js';
import type { Usage } from '../store/usage.js';
import { dropBelongings, pluginsThatKeep } from './drop-belongings.js';

export interface DeletedDevicesParts {
  readonly engine: Engine;
  /** the journal's last entry */
  readonly journalEnd: () => Position;
  /** every plugin is done with the journal up to here */
  readonly doneUpTo: () => Position;
  /** Whether there is a device of that id again. */
  readonly isRegistered: (device: string) => boolean;
  /** what a plugin that runs has counted of what it keeps */
  readonly usageOf: (plugin: string) => Usage | undefined;
  /** What a plugin keeps of a device could not be deleted; it is tried again. */
  failed(error: unknown): void;
}

/** A deletion whose end some plugins have not come to. */
interface DeletionRecord {
  /** end of the journal at that time; null: the hub had not opened it */
  readonly position: Position | null;
}

/**
 * Deletes what plugins keep of devices that are deleted: at once, and again when every plugin is done with the events that
 * were in the journal then, for their turns may have kept something anew. What belongs to a device that was registered
 * again meanwhile stays.
 */
export class DeletedDevices {
  /** devices with the place in the journal behind which nothing of them comes */
  private readonly pending = new Map<string, Position>();
  private isOpen = false;
  private isLooking = false;

  constructor(private readonly parts: DeletedDevicesParts) {}

  /** A device is being deleted. @throws EngineError; the whole may be called again */
  async drop(device: string): Promise<void> {
    const { engine, journalEnd } = this.parts;
    await this.dropAll(device);
    const position = this.isOpen ? journalEnd() : null;
    const record: DeletionRecord = { position };
    await engine.commit({ records: [{ table: DELETIONS, key: device, value: JSON.stringify(record) }] });
    if (position !== null) this.pending.set(device, position);
  }

  /** The journal was opened: goes on with deletions of the time before the start. */
  async open(): Promise<void> {
    const { engine, journalEnd } = this.parts;
    this.isOpen = true;
    for await (const { key, value } of readAll(engine.table(DELETIONS))) {
      this.pending.set(key, (JSON.parse(value) as DeletionRecord).position ?? journalEnd());
    }
  }

  /** Some deletion waits for plugins. */
  get isPending(): boolean {
    return this.pending.size > 0;
  }

  /** Ends what every plugin has come to; called now and then, and nearly always done at once. Never throws. */
  async look(): Promise<void> {
    if (this.pending.size === 0 || this.isLooking) return;
    this.isLooking = true;
    try {
      const upTo = this.parts.doneUpTo();
      for (const [device, position] of this.pending) if (position <= upTo) await this.end(device, position);
    } catch (error) {
      this.parts.failed(error);
    } finally {
      this.isLooking = false;
    }
  }

  private async end(device: string, position: Position): Promise<void> {
    const { engine, isRegistered } = this.parts;
    if (!isRegistered(device)) await this.dropAll(device);
    // It was deleted once more meanwhile.
    if (this.pending.get(device) !== position) return;
    this.pending.delete(device);
    await engine.commit({ records: [{ table: DELETIONS, key: device, value: undefined }] });
  }

  private async dropAll(device: string): Promise<void> {
    const { engine, usageOf } = this.parts;
    for (const plugin of await pluginsThatKeep(engine)) {
      await dropBelongings({ plugin, device, usage: usageOf(plugin) }, engine);
    }
  }
}

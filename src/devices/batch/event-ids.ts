import type { Clock } from '../../channels/clock.js';
import { isPromise } from '../../channels/maybe-promise.js';
import type { Engine, RecordChange } from '../../engine/engine.js';

/** ids of events that were stored: `window/device/id` → unix ms as text */
export const EVENT_ID_TABLE = 'event-ids';

/** How long an id is remembered. */
export const REMEMBERED_MS = 10 * 60_000;
const PURGE_EVERY_MS = 60_000;
/** Records deleted in one commit, and commits in one round. */
const PURGE_PAGE = 1_000;
const PAGES_PER_PURGE = 100;
const WINDOW_DIGITS = 9;

/**
 * Remembers the ids of events for ten minutes. The keys begin with the ten minutes that the id came in, so what is past lies
 * in front: it is found without looking at what is not. A clock that is set back or forth by minutes loses no id; one that
 * is set further leaves records behind or ahead, which are purged as well.
 */
export class EventIds {
  private readonly stopPurging: () => void;

  constructor(
    private readonly engine: Engine,
    private readonly clock: Clock,
    private readonly onFault: (error: unknown) => void,
  ) {
    this.stopPurging = clock.every(
      PURGE_EVERY_MS,
      () => void this.purge().catch(this.onFault),
      () => this.nextPurgeAt,
    );
  }

  /** True when an event of the device with this id was stored within the last ten minutes. */
  async isKnown(device: string, id: string): Promise<boolean> {
    const now = this.clock.now();
    const table = this.engine.table(EVENT_ID_TABLE);
    for (const window of nearWindows(now)) {
      const record = await table.get(keyOf(window, device, id));
      if (record && Math.abs(now - Number(record.value)) < REMEMBERED_MS) return true;
    }
    return false;
  }

  /** Remembers an id; of two that come at the same time one is refused with `revision_conflict`. */
  async remember(device: string, id: string): Promise<RecordChange> {
    const now = this.clock.now();
    const key = keyOf(windowOf(now), device, id);
    // One of this window that is known no more, after the clock was set.
    const before = await this.engine.table(EVENT_ID_TABLE).get(key);
    return { table: EVENT_ID_TABLE, key, value: String(now), ifRevision: before?.revision ?? 0 };
  }

  /** Forgets all ids of a device. */
  async drop(device: string): Promise<void> {
    for (const window of nearWindows(this.clock.now())) {
      const from = keyOf(window, device, '');
      while (await this.deletePage({ from, before: `${from.slice(0, -1)}0` }));
    }
  }

  /** Deletes what is remembered no longer. */
  async purge(): Promise<void> {
    const now = windowOf(this.clock.now());
    const past = { before: windowText(now - 1) };
    const ahead = { from: windowText(now + 2) };
    for (let pages = 0; pages < PAGES_PER_PURGE; pages++) {
      if (!(await this.deletePage(past)) && !(await this.deletePage(ahead))) return;
    }
  }

  close(): void {
    this.stopPurging();
  }

  /** ms of uptime; 0 when there may be something to be looked at */
  private get nextPurgeAt(): number {
    const found = this.engine.table(EVENT_ID_TABLE).range({ limit: 1 });
    return !isPromise(found) && found.length === 0 ? Number.POSITIVE_INFINITY : 0;
  }

  /** True when there may be more. */
  private async deletePage(range: { from?: string; before?: string }): Promise<boolean> {
    const page = await this.engine.table(EVENT_ID_TABLE).range({ ...range, limit: PURGE_PAGE });
    if (page.length === 0) return false;
    await this.engine.commit({ records: page.map(({ key }) => ({ table: EVENT_ID_TABLE, key, value: undefined })) });
    return page.length === PURGE_PAGE;
  }
}

function windowOf(unixMs: number): number {
  return Math.floor(Math.max(unixMs, 0) / REMEMBERED_MS);
}

/** The windows that an id which is still remembered can be in, also when the clock was set a little. */
function nearWindows(now: number): number[] {
  const window = windowOf(now);
  return [window, window - 1, window + 1];
}

function windowText(window: number): string {
  return String(Math.max(window, 0)).padStart(WINDOW_DIGITS, '0');
}

function keyOf(window: number, device: string, id: string): string {
  return `${windowText(window)}/${device}/${id}`;
}

import { readAll } from '../devices/registry/read-all.js';
import type { Engine } from '../engine/engine.js';
import type { Position } from '../engine/position.js';
import { entryTurns } from './attempts/turn-id.js';
import type { Hosted } from './hosted.js';
import type { CursorRecord } from './journal/cursor.js';
import { Follower } from './journal/follower.js';
import type { Journal } from './journal/journal.js';
import { forgetShadow } from './shadow/forget-shadow.js';
import { isShadowName } from './shadow/shadow-name.js';
import { ATTEMPTS, below, CURSORS, RUNS, TURNS } from './store/tables.js';

/** Who reads the journal, and from where: every enabled plugin, also one that has failed, for it may be mended. */
export class Followers {
  private readonly cursors = new Map<string, CursorRecord>();
  private readonly followers = new Map<Hosted, Follower>();

  constructor(
    private readonly engine: Engine,
    private readonly journal: Journal,
  ) {}

  /** What plugins wanted when they ran last goes into the journal from now on, until they are loaded. */
  async open(hosted: readonly Hosted[]): Promise<void> {
    const enabled = new Set(hosted.filter(({ isEnabled }) => isEnabled).map(({ name }) => name));
    for await (const { key, value } of readAll(this.engine.table(CURSORS))) {
      if (enabled.has(key)) this.cursors.set(key, JSON.parse(value) as CursorRecord);
      else await this.forget(key);
    }
    const seq = Math.max(0, ...Array.from(this.cursors.values(), ({ seq }) => seq));
    await this.journal.open(seq);
    await this.follow(hosted);
  }

  /** Has the enabled ones read along. Called again once they are loaded, for what they want then. */
  async follow(hosted: readonly Hosted[]): Promise<void> {
    for (const plugin of hosted) {
      if (!plugin.isEnabled) continue;
      const follower = this.followers.get(plugin) ?? (await this.followerOf(plugin, this.cursors.get(plugin.name)));
      if (!this.followers.has(plugin)) this.journal.add(follower);
      this.followers.set(plugin, follower);
      this.join(plugin, follower);
    }
    if (this.followers.size > 0) this.journal.listen();
    this.journal.trim();
  }

  /** One was loaded later than the others: what it wants is known now. */
  followLate(plugin: Hosted): void {
    const follower = this.followers.get(plugin);
    if (!follower) return;
    this.join(plugin, follower);
    this.journal.listen();
  }

  /** Every plugin is done with the journal up to here. */
  get doneUpTo(): Position {
    return Math.min(Number.POSITIVE_INFINITY, ...Array.from(this.followers.values(), ({ keptFrom }) => keptFrom));
  }

  /** undefined: it does not read along */
  of(plugin: Hosted): Follower | undefined {
    return this.followers.get(plugin);
  }

  /** It keeps no entry of the journal from now on. */
  remove(plugin: Hosted): void {
    const follower = this.followers.get(plugin);
    if (!follower) return;
    this.followers.delete(plugin);
    this.journal.remove(follower);
  }

  private join(plugin: Hosted, follower: Follower): void {
    plugin.follow(follower, () => this.again(plugin));
  }

  /** From where a plugin is done with everything, as after a restart. */
  private async again(plugin: Hosted): Promise<Follower> {
    await plugin.save();
    const record = await this.engine.table(CURSORS).get(plugin.name);
    const follower = await this.followerOf(plugin, record && (JSON.parse(record.value) as CursorRecord));
    const before = this.followers.get(plugin);
    this.journal.add(follower);
    if (before) this.journal.remove(before);
    this.followers.set(plugin, follower);
    return follower;
  }

  private followerOf({ name }: Hosted, cursor: CursorRecord | undefined): Promise<Follower> {
    return Follower.of(name, cursor, { engine: this.engine, journal: this.journal });
  }

  /** A plugin that was switched off, or taken away, begins at the present when it comes back. */
  private async forget(plugin: string): Promise<void> {
    const records = [CURSORS, RUNS].map((table) => ({ table, key: plugin, value: undefined }));
    for (const [table, prefix] of [
      [TURNS, plugin],
      [ATTEMPTS, entryTurns(plugin)],
    ] as const) {
      for await (const { key } of readAll(this.engine.table(table), below(prefix))) {
        await this.engine.commit({ records: [{ table, key, value: undefined }] });
      }
    }
    await this.engine.commit({ records });
    if (isShadowName(plugin)) await forgetShadow(plugin, this.engine);
  }
}

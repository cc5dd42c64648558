import { HubError } from '../../channels/hub-error.js';
import type { Followers } from '../followers.js';
import type { HostedPlugin } from '../hosted-plugin.js';
import type { PluginEntry } from '../plugin-entry.js';
import type { PluginStatus } from '../plugin-status.js';
import type { PluginSurroundings } from '../plugin-surroundings.js';
import { Shadow } from './shadow.js';
import { configuredName } from './shadow-name.js';

/** The candidate versions that run beside a hub's plugins. */
export class Shadows {
  /** by the names of their plugins */
  private readonly shadows: ReadonlyMap<string, Shadow>;
  /** resolves when a candidate runs, or has failed; by its name */
  private readonly beginning = new Map<string, Promise<void>>();
  private isStopping = false;

  constructor(entries: readonly PluginEntry[], hub: PluginSurroundings) {
    this.shadows = new Map(
      entries.flatMap((entry) =>
        entry.enabled && entry.shadow ? [[entry.name, new Shadow(entry, entry.shadow, hub)] as const] : [],
      ),
    );
  }

  get size(): number {
    return this.shadows.size;
  }

  get candidates(): readonly HostedPlugin[] {
    return Array.from(this.shadows.values(), ({ candidate }) => candidate);
  }

  /** @returns undefined: nothing runs beside that plugin */
  of(plugin: string): Shadow | undefined {
    return this.shadows.get(plugin);
  }

  /** @throws HubError `shadow_not_found` */
  find(plugin: string): Shadow {
    const shadow = this.shadows.get(plugin);
    if (shadow) return shadow;
    throw new HubError('shadow_not_found', `The plugin "${plugin}" has no shadow (plugins.${plugin}.shadow).`);
  }

  /** Nobody waits for them: a candidate that takes its time must not keep the hub from starting. */
  start(followers: Followers): void {
    for (const shadow of this.shadows.values()) {
      this.beginning.set(shadow.candidate.name, this.begin(shadow, followers));
    }
  }

  /** Resolves when a candidate of that name runs, or has failed; at once for any other name. */
  async hasBegun(name: string): Promise<void> {
    await this.beginning.get(name);
  }

  /** A plugin or its candidate was loaded anew: what is told of their differences begins anew. @param name of either */
  renew(name: string): void {
    this.shadows.get(configuredName(name))?.renew();
  }

  /** Compares what has waited long enough. One that has failed keeps no entry of the journal. */
  look(followers: Followers, statusOf: (plugin: string) => PluginStatus): void {
    for (const shadow of this.shadows.values()) {
      shadow.look(statusOf(shadow.of));
      if (shadow.hasFailed) followers.remove(shadow.candidate);
    }
  }

  stop(): void {
    this.isStopping = true;
    for (const candidate of this.candidates) candidate.stop();
  }

  /** Never throws: a candidate that fails is listed as failed, and takes nothing more in. */
  private async begin(shadow: Shadow, followers: Followers): Promise<void> {
    const { candidate } = shadow;
    await shadow.load();
    if (this.isStopping) return;
    followers.followLate(candidate);
    await candidate.open();
    if (this.isStopping) candidate.stop();
  }
}

import { HubError } from '../channels/hub-error.js';

import type { ServerDeclaration } from './loading/declared-servers.js';
import { pluginFile } from './loading/plugin-file.js';
import { loggerWith } from './logger-with.js';
import type { Isolation, PluginConfigFault, PluginEntry } from './plugin-entry.js';
import type { PluginSurroundings } from './plugin-surroundings.js';
import type { PluginZone } from './plugin-zone.js';
import type { HandlerHost } from './running/handler-host.js';
import type { Counters } from './running/reader-surroundings.js';
import { InlineRuntime } from './runtime/inline-runtime.js';
import type { PluginRuntime } from './runtime/plugin-runtime.js';
import { STATE } from './store/tables.js';
import { within } from './within.js';
import { WorkerRuntime, type WorkerRuntimeParts } from './worker/worker-runtime.js';

/** A plugin's code as it was found at one time, and where it runs. */
export interface PluginVersion {
  readonly servers: readonly ServerDeclaration[];
  readonly runtime: PluginRuntime;
}

export interface VersionParts extends Pick<WorkerRuntimeParts, 'restarting' | 'changed'> {
  readonly entry: PluginEntry;
  readonly hub: PluginSurroundings;
  readonly zone: PluginZone;
  readonly counters: Counters;
}

/** Loads a plugin's code, and makes its providers, each within its time. */
export class PluginVersions {
  /** where the plugin runs; undefined as long as only its own code could say */
  isolation: Isolation | undefined;
  /** undefined: it was not found */
  file: string | undefined;

  constructor(private readonly parts: VersionParts) {
    this.isolation = parts.entry.module ? 'inline' : parts.entry.isolation;
  }

  /**
   * A plugin whose configuration does not say where it runs is imported in the hub's thread first, for only it can say.
   * @throws HubError `plugin_failed`, and whatever its file throws
   */
  async load(): Promise<PluginVersion> {
    const { entry, hub } = this.parts;
    this.file = entry.module ? undefined : pluginFile(entry, hub.places);
    const { file = '' } = this;
    if (this.isolation === 'worker') return this.loadIn(this.worker(), file);
    const inline = await this.loadIn(this.inline(), file);
    const wantsWorker = inline.servers.some(({ options }) => options.run?.isolation === 'worker');
    this.isolation ??= wantsWorker ? 'worker' : 'inline';
    return this.isolation === 'inline' ? inline : this.loadIn(this.worker(), file);
  }

  /** @throws whatever its providers throw; HubError `plugin_failed` when it takes too long */
  async open({ runtime }: PluginVersion): Promise<HandlerHost> {
    return this.inTime('made', runtime.open(), () => runtime.close());
  }

  /** Where it is, for one that is not loaded. */
  find(): void {
    try {
      this.file = pluginFile(this.parts.entry, this.parts.hub.places);
    } catch {
      // It is switched off: nobody asked for it, and its status shows what the configuration says.
    }
  }

  private async loadIn(runtime: PluginRuntime, file: string): Promise<PluginVersion> {
    try {
      return { runtime, servers: await this.inTime('loaded', runtime.load(file)) };
    } catch (error) {
      runtime.kill();
      throw error;
    }
  }

  private inline(): PluginRuntime {
    const { entry, zone, hub } = this.parts;
    const { maxEffectsPerTurn: maxEffects, maxEffectBytesPerTurn: maxEffectBytes } = hub.limits;
    return new InlineRuntime(entry, { plugin: entry.name, zone, maxEffects, maxEffectBytes, ...this.shared() });
  }

  private worker(): PluginRuntime {
    const { channels, wheel, limits, workerArgv } = this.parts.hub;
    const around = { clock: channels.clock, wheel, limits, execArgv: workerArgv };
    return new WorkerRuntime(this.parts.entry, { ...this.parts, ...around, ...this.shared() });
  }

  private shared() {
    const { entry, hub } = this.parts;
    return { state: hub.commits.engine.table(STATE), logger: loggerWith(hub.logger, { plugin: entry.name }) };
  }

  private inTime<T>(what: string, result: Promise<T>, whenLate: (result: T) => unknown = () => {}): Promise<T> {
    const { channels, limits } = this.parts.hub;
    return within(channels.clock, limits.openTimeoutMs, result, () => {
      result.then(whenLate).catch(() => {});
      throw new HubError('plugin_failed', `It was not ${what} within ${limits.openTimeoutMs / 1000} s.`);
    });
  }
}

/** Settings that a version does not take, in a sentence. */
export function faultSentence(faults: readonly PluginConfigFault[]): string {
  return faults.map(({ path, problem }) => `config.${path.join('.')}: ${sentenceOf(problem)}`).join(' ');
}

function sentenceOf(problem: PluginConfigFault['problem']): string {
  return problem.kind === 'value' ? problem.allowed : `There is no such key; there are ${problem.known.join(', ')}.`;
}

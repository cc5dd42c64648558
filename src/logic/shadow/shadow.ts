import { CapturingCommits, ObservedCommits } from '../comparing/capturing-commits.js';
import { HostedPlugin } from '../hosted-plugin.js';
import type { PluginEntry, ShadowEntry } from '../plugin-entry.js';
import type { PluginStatus, ShadowReport, ShadowStatus } from '../plugin-status.js';
import type { PluginSurroundings } from '../plugin-surroundings.js';
import type { Commits } from '../running/turn-commits.js';
import { ShadowComparison } from './shadow-comparison.js';
import { shadowName } from './shadow-name.js';

/**
 * A candidate version of a plugin that sees what the plugin sees, has a cursor, state and timers of its own, and has no
 * effect: what it would send is compared with what the plugin sends.
 */
export class Shadow {
  /** name of the plugin */
  readonly of: string;
  readonly candidate: HostedPlugin;
  /** what the plugin itself commits with, so that it can be compared */
  readonly liveCommits: Commits;
  private readonly comparison: ShadowComparison;

  /** @param live the plugin; where the configuration has it run, its candidate runs as well, with as much memory */
  constructor(
    { name, isolation, maxMemoryBytes }: PluginEntry,
    { from, config }: ShadowEntry,
    hub: PluginSurroundings,
  ) {
    this.of = name;
    const { commits, channels } = hub;
    this.comparison = new ShadowComparison(() => channels.clock.now());
    this.liveCommits = new ObservedCommits(commits, (captured) => this.comparison.live(captured));
    const place = { isolation, ...(maxMemoryBytes !== undefined && { maxMemoryBytes }) };
    const entry: PluginEntry = { name: shadowName(name), enabled: true, from, config, ...place };
    const capturing = new CapturingCommits(commits, (captured) => this.comparison.shadow(captured));
    this.candidate = new HostedPlugin(entry, { ...hub, commits: capturing });
  }

  /** Loads it. Never throws: a candidate that cannot be loaded, or does not take its settings, has failed. */
  async load(): Promise<void> {
    await this.candidate.load();
    const [fault] = this.candidate.checkConfig();
    if (!fault) return;
    const allowed = fault.problem.kind === 'value' ? fault.problem.allowed : 'There is no such setting.';
    this.candidate.refuse(`It does not take the setting ${fault.path.join('.')}. ${allowed}`);
  }

  /** One of the two was loaded anew: what is told of their differences begins anew. */
  renew(): void {
    this.comparison.renew();
  }

  /** Compares what has waited long enough. @param live the plugin as it is now */
  look(live: PluginStatus): void {
    const { lagMs, state } = this.candidate.status();
    if (state === 'running') this.comparison.look(Math.max(lagMs, live.lagMs));
  }

  get hasFailed(): boolean {
    return this.candidate.status().state === 'failed';
  }

  status(): ShadowStatus {
    const { version, from, state, reason, isolation, worker, queued, behind, lagMs, handlerMs, counters } =
      this.candidate.status();
    const compared = this.comparison.figures;
    return { version, from, state, reason, isolation, worker, queued, behind, lagMs, handlerMs, counters, compared };
  }

  report(): ShadowReport {
    return { status: this.status(), differences: this.comparison.differences };
  }
}

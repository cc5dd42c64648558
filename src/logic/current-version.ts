import type { HostedTurns } from './hosted-turns.js';
import type { PluginDescription } from './inspection/description.js';
import { describeServers } from './inspection/plugin-description.js';
import type { Follower } from './journal/follower.js';
import { interestOf } from './journal/interest.js';
import type { ServerDeclaration } from './loading/declared-servers.js';
import { faultSentence, type PluginVersion, type PluginVersions } from './plugin-version.js';
import type { PluginZone } from './plugin-zone.js';
import type { HandlerHost } from './running/handler-host.js';
import type { PluginRun } from './running/plugin-run.js';
import { messageOf } from './running/reader-surroundings.js';
import type { PluginRuntime } from './runtime/plugin-runtime.js';

export interface CurrentVersionParts {
  readonly versions: PluginVersions;
  readonly turns: HostedTurns;
  readonly zone: PluginZone;
  /** The plugin cannot go on. */
  fail(reason: string, error?: unknown): void;
}

/** The version of a plugin that is there, and how another one takes its place without a gap. */
export class CurrentVersion {
  private version: PluginVersion | undefined;
  /** @returns the plugin's follower from where the plugin is done with everything */
  private followAgain: (() => Promise<Follower>) | undefined;

  constructor(private readonly parts: CurrentVersionParts) {}

  /** undefined: none was loaded */
  get runtime(): PluginRuntime | undefined {
    return this.version?.runtime;
  }

  get servers(): readonly ServerDeclaration[] {
    return this.version?.servers ?? [];
  }

  get description(): PluginDescription | undefined {
    const { version } = this;
    return version && { servers: describeServers(version.servers), settings: version.runtime.settings };
  }

  /** @throws as `PluginVersions.load` */
  async load(): Promise<void> {
    this.version = await this.parts.versions.load();
  }

  /** As `Hosted.follow` has it. */
  follow(follower: Follower, again: () => Promise<Follower>): void {
    this.parts.turns.follower = follower;
    this.followAgain = again;
    if (this.version) follower.want(interestOf(this.version.servers));
  }

  /**
   * Makes its providers.
   * @param goOn called when it may begin; false from it: nobody wants it any more
   * @throws as `PluginVersions.open`
   */
  async open(goOn: () => boolean): Promise<void> {
    const { version } = this;
    const { follower } = this.parts.turns;
    if (!version || !follower) return;
    const host = await this.parts.versions.open(version);
    this.begin(version, await this.openRun(version, host, follower), goOn);
  }

  /**
   * Loads the plugin's code anew and makes it, lets the turns that are open end, and has it go on from there.
   * @param goOn as `open` has it
   * @throws Error with the reason why the one before goes on, if it ran
   */
  async replace(goOn: () => boolean): Promise<void> {
    const { versions } = this.parts;
    const version = await versions.load();
    try {
      const faults = version.runtime.checkConfig();
      if (faults.length > 0) throw new Error(faultSentence(faults));
      await this.switchTo(version, await versions.open(version), goOn);
    } catch (error) {
      if (this.version !== version) version.runtime.kill();
      throw error;
    }
  }

  /** Runs the plugin's own hooks for a shutdown. Never throws. */
  async close(): Promise<void> {
    await this.closeVersion(this.version);
  }

  /** Ends what has not ended by itself. */
  kill(): void {
    this.version?.runtime.kill();
  }

  private async switchTo(version: PluginVersion, host: HandlerHost, goOn: () => boolean): Promise<void> {
    const { version: oldVersion, followAgain } = this;
    const { turns } = this.parts;
    const { run: oldRun } = turns;
    if (!followAgain) throw new Error('The hub is starting.');
    await oldRun?.finish();
    try {
      const follower = await followAgain();
      turns.follower = follower;
      follower.want(interestOf(version.servers));
      const run = await this.openRun(version, host, follower);
      // In one go, so that pipelines miss nothing.
      oldRun?.stop();
      this.begin(version, run, goOn);
    } catch (error) {
      // The old one begins nothing any more: both end, and the new one is tried again.
      this.parts.fail(messageOf(error), error);
      throw error;
    }
    if (oldVersion !== version) await this.closeVersion(oldVersion);
  }

  private begin(version: PluginVersion, run: PluginRun, goOn: () => boolean): void {
    if (!goOn()) return version.runtime.kill();
    this.version = version;
    this.parts.turns.run = run;
    run.start();
  }

  private openRun({ servers }: PluginVersion, host: HandlerHost, follower: Follower): Promise<PluginRun> {
    const { turns, zone, fail } = this.parts;
    return turns.open(servers, follower, { host, zone, fail: (reason) => fail(reason) });
  }

  private async closeVersion(version: PluginVersion | undefined): Promise<void> {
    try {
      await version?.runtime.close();
    } catch (error) {
      this.parts.turns.warnings.warn('close', { error }, `It failed while it was closed: ${messageOf(error)}`);
    }
  }
}

import { beginRun, endRun } from './attempts/begin-run.js';
import type { SourcePoint } from './attempts/turn-id.js';
import { Decisions } from './explaining/decisions.js';
import type { HubSurroundings } from './hosted.js';
import type { Follower } from './journal/follower.js';
import type { ServerDeclaration } from './loading/declared-servers.js';
import { loggerWith } from './logger-with.js';
import type { PluginStatus } from './plugin-status.js';
import { DeadLetters } from './running/dead-letters.js';
import { PluginRun, type PluginRunParts } from './running/plugin-run.js';
import { noCounts } from './running/reader-surroundings.js';
import { ThrottledLog } from './running/throttled-log.js';

/** What differs between the runs of one plugin. */
export type OwnRunParts = Pick<PluginRunParts, 'host' | 'zone' | 'fail'>;

type TurnFigures = Pick<
  PluginStatus,
  'patterns' | 'queued' | 'behind' | 'lagMs' | 'retrying' | 'openTurns' | 'deadLetters' | 'handlerMs' | 'counters'
>;

/** The turns of a plugin, or of a logic server outside of the hub: what runs them, and what is kept of them from run to run. */
export class HostedTurns {
  readonly letters: DeadLetters;
  readonly decisions: Decisions;
  readonly counters = noCounts();
  readonly warnings: ThrottledLog;
  /** undefined: it does not run, or not yet */
  run: PluginRun | undefined;
  /** undefined: it reads nothing of the journal */
  follower: Follower | undefined;

  private hasBegun = false;
  /** the start of this process when the one before ended without a stop */
  private crashedBefore: SourcePoint | undefined;

  constructor(
    private readonly plugin: string,
    private readonly hub: HubSurroundings,
  ) {
    const { channels, commits, logger, limits } = hub;
    this.letters = new DeadLetters(plugin, commits.engine);
    this.decisions = new Decisions(limits.maxDecisions);
    this.warnings = new ThrottledLog(logger, channels.clock, { plugin }, limits.quietMs);
  }

  /** Makes a run, which neither begins nor takes the place of the one before. @throws as `PluginRun.open` */
  async open(servers: readonly ServerDeclaration[], follower: Follower, own: OwnRunParts): Promise<PluginRun> {
    const { channels, commits, wheel, limits, logger, trials } = this.hub;
    const { plugin, letters, decisions, counters, warnings } = this;
    if (own.host.isInProcess) await this.begin(follower);
    const { crashedBefore } = this;
    return PluginRun.open(servers, {
      ...{ plugin, channels, commits, follower, wheel, limits, letters, decisions, counters, warnings, trials },
      crashedBefore,
      clock: channels.clock,
      logger: loggerWith(logger, { plugin }),
      ...own,
    });
  }

  /** No turn is open any more, and the hub stops in order. Never throws. */
  async close(): Promise<void> {
    if (!this.hasBegun) return;
    try {
      await endRun(this.plugin, this.hub.commits.engine);
    } catch (error) {
      const sentence = 'Its stop could not be written down, so that the next start takes it for a crash.';
      this.warnings.warn('end of run', { error }, sentence);
    }
  }

  get figures(): TurnFigures {
    const { run, follower, counters, letters } = this;
    return {
      patterns: run?.patterns ?? [],
      queued: run?.queued ?? 0,
      behind: follower?.behind ?? 0,
      lagMs: follower?.lagMs(this.hub.channels.clock.now()) ?? 0,
      retrying: run?.retrying ?? 0,
      openTurns: run?.openTurns ?? 0,
      deadLetters: letters.count,
      handlerMs: run?.durations.summary,
      counters: { ...counters },
    };
  }

  /** Once in a process, however often its code is loaded anew. */
  private async begin({ end }: Follower): Promise<void> {
    if (this.hasBegun) return;
    const { now, engine } = this.hub.commits;
    const hasCrashed = await beginRun(this.plugin, engine);
    this.hasBegun = true;
    if (hasCrashed) this.crashedBefore = { position: end, at: now() };
  }
}

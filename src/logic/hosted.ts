import type { Channels } from '../channels/channels.js';
import type { DeadlineWheel } from '../channels/deadline-wheel.js';
import type { MaybePromise } from '../engine/message-log.js';
import type { Logger } from '../telemetry/logger.js';
import type { Trials } from './attempts/trials.js';
import type { Decisions } from './explaining/decisions.js';
import type { PluginDescription } from './inspection/description.js';
import type { Follower } from './journal/follower.js';
import type { ServerDeclaration } from './loading/declared-servers.js';
import type { LogicLimits } from './logic-limits.js';
import type { PluginConfigFault } from './plugin-entry.js';
import type { PluginStatus, RedriveResult } from './plugin-status.js';
import type { DeadLetters } from './running/dead-letters.js';
import type { Commits } from './running/turn-commits.js';
import type { Usage } from './store/usage.js';

/** What the hub gives to whatever has turns. */
export interface HubSurroundings {
  readonly channels: Channels;
  readonly commits: Commits;
  readonly wheel: DeadlineWheel;
  readonly logger: Logger;
  readonly limits: LogicLimits;
  readonly trials: Trials;
}

/** What the logic room starts, follows and stops: a plugin, or a logic server outside of the hub. It throws only where it says so. */
export interface Hosted {
  readonly name: string;
  readonly isEnabled: boolean;
  readonly letters: DeadLetters;
  /** what its last turns came to */
  readonly decisions: Decisions;
  /** how much it keeps; undefined: it does not run */
  readonly usage: Usage | undefined;
  /** its logic servers; none as long as it was not loaded */
  readonly declarations: readonly ServerDeclaration[];
  /** Finds what it is made of. */
  load(): Promise<void>;
  /** The settings that it does not take. */
  checkConfig(): readonly PluginConfigFault[];
  /**
   * Its way through the journal; called again once it is loaded.
   * @param again gives its follower anew, from where it is done with everything
   */
  follow(follower: Follower, again: () => Promise<Follower>): void;
  /** Begins to bring it what it missed, and what comes. */
  open(): Promise<void>;
  /** ms until `look` finds something, if nothing else happens */
  readonly nextLookInMs: number;
  /** It has to be saved. */
  readonly isUnsaved: boolean;
  /** Looks whether one of its timers is due. */
  look(): void;
  /** Writes down how far it has come. */
  save(): MaybePromise<void>;
  /** Takes in no more events, and resolves when those that are here were read. */
  drain(): Promise<void>;
  /** Gives up what is still open. */
  stop(): void;
  close(): Promise<void>;
  /** Ends what has not ended by itself. */
  kill(): void;
  /** Loads its code anew and goes on with it. @throws HubError `plugin_failed`: it goes on as it was, if it ran */
  reload(): Promise<void>;
  status(): PluginStatus;
  /** What its code says of itself, as it runs. @throws HubError `plugin_failed` when it is not loaded */
  describe(): PluginDescription;
  /** @throws HubError `dead_letter_not_found`, `plugin_failed` when it does not run */
  redrive(id: string): Promise<RedriveResult>;
}

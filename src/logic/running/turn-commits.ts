import type { Channels } from '../../channels/channels.js';
import { isPromise } from '../../channels/maybe-promise.js';
import { uniqueIds } from '../../commands/command-ids.js';
import type { Commands } from '../../commands/commands.js';
import type { Jobs } from '../../commands/jobs/jobs.js';
import type { Commit, Engine, MessageChange, RecordChange } from '../../engine/engine.js';
import type { MaybePromise } from '../../engine/message-log.js';
import type { Revision } from '../../engine/record-table.js';
import { causeOf } from '../cause.js';
import { steadyTime } from '../hub-time.js';
import type { Usage } from '../store/usage.js';
import { ChangeDraft, type DraftOwner, type DraftParts } from './change-draft.js';
import type { Effect, MessageEffect } from './effects.js';

/** What a turn leaves to be done, all together. */
export interface TurnOutcome extends DraftOwner {
  readonly effects: readonly Effect[];
  /** further records of the same commit: the acknowledgement */
  readonly records: readonly RecordChange[];
  /** brought up to date once it is done */
  readonly usage: Usage;
}

/** What those who wait for timers and for the outbox want to know of a commit. */
export interface Committed {
  /** of its records; undefined: there was nothing to commit */
  readonly revision: Revision | undefined;
  /** when the first timer that was set is due, unix ms */
  readonly firstTimer: number | undefined;
  readonly outboxItems: number;
}

/** What is kept of messages on channels that no location has set up yet: the push module's defaults. */
const MESSAGE_BUFFER_LENGTH = 10;
const MESSAGE_TIMEOUT_MS = 3_600_000;

/** Who does what turns ask for. */
export type Commits = Pick<TurnCommits, keyof TurnCommits>;

/** Does what turns ask for: each turn is one commit. */
export class TurnCommits {
  /** unix ms, steady */
  readonly now: () => number;
  readonly nextId = uniqueIds();
  private readonly draftParts: DraftParts;

  constructor(
    readonly engine: Engine,
    private readonly channels: Channels,
    private readonly commands: Commands,
    jobs: Pick<Jobs, 'prepare' | 'prepareCancel'>,
  ) {
    this.now = steadyTime(channels.clock);
    this.draftParts = {
      engine,
      nextId: this.nextId,
      prepareJob: ({ id, draft }, origin) => jobs.prepare(id, draft, origin),
      prepareCancel: (id, plugin) => jobs.prepareCancel(id, (origin) => causeOf(origin)?.plugin === plugin),
      messageFor: (effect, cause) => this.messageFor(effect, cause),
    };
  }

  /**
   * All of it or nothing.
   * @throws HubError `state_full`, `timer_limit`, `outbox_full`, `job_limit`, `queue_full`, `channel_limit`; EngineError
   * `revision_conflict` when somebody changed what the turn had read, or the turn was committed before; others
   */
  commit(outcome: TurnOutcome): MaybePromise<Committed> {
    const draft = new ChangeDraft(outcome, this.draftParts, this.now());
    let committed: MaybePromise<Committed>;
    try {
      const added = draft.add(outcome.effects);
      committed = added ? added.then(() => this.commitDraft(outcome, draft)) : this.commitDraft(outcome, draft);
    } catch (error) {
      return drop(draft, error);
    }
    return isPromise(committed) ? committed.catch((error: unknown) => drop(draft, error)) : committed;
  }

  private commitDraft({ records, usage }: TurnOutcome, draft: ChangeDraft): MaybePromise<Committed> {
    const changes = { records: records.concat(draft.records), messages: draft.messages };
    const commit = this.commands.sendTogether(draft.commands, changes);
    return isPromise(commit) ? commit.then((known) => settle(draft, known, usage)) : settle(draft, commit, usage);
  }

  private messageFor({ channel: id, body, contentType }: MessageEffect, cause: string): MessageChange {
    const { policy } = this.channels.open(id);
    const timeoutMs = policy?.messageTimeoutMs ?? MESSAGE_TIMEOUT_MS;
    const message = {
      body,
      contentType,
      expiresAt: timeoutMs === 0 ? Number.POSITIVE_INFINITY : this.channels.clock.now() + timeoutMs,
      store: true,
      durability: policy?.durability ?? 'disk',
      keepAtMost: policy?.maxMessageBufferLength ?? MESSAGE_BUFFER_LENGTH,
      keepAtLeast: policy?.minMessageBufferLength ?? 0,
      cause,
    };
    return { channel: id, message };
  }
}

/** Takes account of what is committed. */
function settle({ added, jobs, firstTimer }: ChangeDraft, { revision }: Commit, usage: Usage): Committed {
  const { stateBytes, timers, outboxItems } = added;
  usage.stateBytes += stateBytes;
  usage.timers += timers;
  usage.outboxItems += outboxItems;
  for (const job of jobs) job.committed();
  return { revision, firstTimer, outboxItems };
}

function drop({ jobs }: ChangeDraft, error: unknown): never {
  for (const job of jobs) job.dropped();
  throw error;
}

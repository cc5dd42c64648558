import type { Channels } from '../../channels/channels.js';
import { andThen } from '../../channels/maybe-promise.js';
import type { Commands } from '../../commands/commands.js';
import type { Jobs } from '../../commands/jobs/jobs.js';
import type { Engine } from '../../engine/engine.js';
import type { MaybePromise } from '../../engine/message-log.js';
import { type Committed, TurnCommits, type TurnOutcome } from '../running/turn-commits.js';
import { type ComparedCommand, comparedCommand } from './compared-command.js';

/** What a turn asked for and what was not done. */
export interface Captured {
  readonly commands: readonly ComparedCommand[];
  /** jobs, messages, and items of the outbox */
  readonly jobs: number;
  readonly messages: number;
  readonly outboxItems: number;
}

/** What commits are made with. */
export interface CommitParts {
  readonly engine: Engine;
  readonly channels: Channels;
  readonly commands: Commands;
  readonly jobs: Pick<Jobs, 'prepare'>;
}

const NOTHING: Committed = { revision: undefined, firstTimer: undefined, outboxItems: 0 };

/**
 * Keeps a plugin from having any effect on others: its state and its timers are committed with the note that its event is
 * dealt with; what it sends, publishes and puts into its outbox is captured.
 */
export class CapturingCommits extends TurnCommits {
  /** @param captured told of each turn once it is committed */
  constructor(
    { engine, channels, commands, jobs }: CommitParts,
    private readonly captured: (captured: Captured) => void,
  ) {
    super(engine, channels, commands, jobs);
  }

  override commit(outcome: TurnOutcome): MaybePromise<Committed> {
    const effects = outcome.effects.filter(({ kind }) => kind === 'state' || kind === 'timer');
    const isEmpty = effects.length === 0 && outcome.records.length === 0;
    return andThen(isEmpty ? NOTHING : super.commit({ ...outcome, effects }), (committed) => {
      if (outcome.effects.length > effects.length) this.captured(this.capture(outcome));
      return committed;
    });
  }

  private capture({ effects, cause }: TurnOutcome): Captured {
    const at = Math.round(this.now());
    const commands: ComparedCommand[] = [];
    let jobs = 0;
    let messages = 0;
    let outboxItems = 0;
    for (const effect of effects) {
      if (effect.kind === 'command') commands.push(comparedCommand(effect.draft, cause, { id: this.nextId(at), at }));
      else if (effect.kind === 'job') jobs++;
      else if (effect.kind === 'message') messages++;
      else if (effect.kind === 'outbox') outboxItems++;
    }
    return { commands, jobs, messages, outboxItems };
  }
}

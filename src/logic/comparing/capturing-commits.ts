import { andThen } from '../../channels/maybe-promise.js';
import type { Engine } from '../../engine/engine.js';
import type { MaybePromise } from '../../engine/message-log.js';
import type { Commits, Committed, TurnOutcome } from '../running/turn-commits.js';
import { type ComparedCommand, comparedCommand } from './compared-command.js';

/** What a turn asks of others. */
export interface Captured {
  readonly commands: readonly ComparedCommand[];
  /** jobs, messages, and items of the outbox */
  readonly jobs: number;
  readonly messages: number;
  readonly outboxItems: number;
}

const NOTHING: Committed = { revision: undefined, firstTimer: undefined, outboxItems: 0 };

/** Commits, and tells of each turn once it is committed what it asked of others. */
export class ObservedCommits implements Commits {
  readonly engine: Engine;
  readonly now: () => number;
  readonly nextId: (nowMs: number) => string;

  constructor(
    protected readonly commits: Commits,
    private readonly observe: (captured: Captured) => void,
  ) {
    this.engine = commits.engine;
    this.now = commits.now;
    this.nextId = commits.nextId;
  }

  commit(outcome: TurnOutcome): MaybePromise<Committed> {
    return andThen(this.carryOut(outcome), (committed) => {
      if (outcome.effects.some(({ kind }) => kind !== 'state' && kind !== 'timer'))
        this.observe(this.captured(outcome));
      return committed;
    });
  }

  protected carryOut(outcome: TurnOutcome): MaybePromise<Committed> {
    return this.commits.commit(outcome);
  }

  private captured({ effects, cause }: TurnOutcome): Captured {
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

/**
 * Keeps a plugin from having any effect on others: its state and its timers are committed with the note that its event is
 * dealt with; what it sends, publishes and puts into its outbox is told, and not done.
 */
export class CapturingCommits extends ObservedCommits {
  protected override carryOut(outcome: TurnOutcome): MaybePromise<Committed> {
    const effects = outcome.effects.filter(({ kind }) => kind === 'state' || kind === 'timer');
    if (effects.length === 0 && outcome.records.length === 0) return NOTHING;
    return this.commits.commit({ ...outcome, effects });
  }
}

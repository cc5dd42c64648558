import { HubError } from '../../channels/hub-error.js';
import { andThen } from '../../channels/maybe-promise.js';
import { added } from '../../channels/with-one.js';
import type { DraftCommand } from '../../commands/draft-command.js';
import type { PreparedJob } from '../../commands/jobs/jobs.js';
import type { Engine, MessageChange, RecordChange } from '../../engine/engine.js';
import type { MaybePromise } from '../../engine/message-log.js';
import { type Cause, writeCause } from '../cause.js';
import type { OutboxRecord, TimerRecord } from '../store/records.js';
import { ENTRY, OUTBOX, STATE, TIMERS, TIMES, timePrefix } from '../store/tables.js';
import { stateBytes, type Usage } from '../store/usage.js';
import type { Effect, JobCancelEffect, JobEffect, MessageEffect, StateEffect, TimerEffect } from './effects.js';

/** Whose effects they are, and how much of everything it may keep. */
export interface DraftOwner {
  readonly plugin: string;
  readonly cause: Cause;
  readonly usage: Readonly<Usage>;
  readonly maxStateBytes: number;
  /** key of a timer that the acknowledgement deletes already */
  readonly takenTimer?: string | undefined;
}

export interface DraftParts {
  readonly engine: Engine;
  readonly nextId: (now: number) => string;
  readonly prepareJob: (effect: JobEffect, origin: string) => PreparedJob;
  /** @returns undefined: there is nothing to cancel. @throws HubError `not_granted` */
  readonly prepareCancel: (id: string, plugin: string) => MaybePromise<PreparedJob | undefined>;
  /** the message as its channel keeps it */
  readonly messageFor: (effect: MessageEffect, cause: string) => MessageChange;
}

/** Timers that one plugin may have set. */
const MAX_TIMERS = 1_000_000;
/** Items of one plugin's outbox that are not done. */
const MAX_OUTBOX_ITEMS = 100_000;

/** The changes that effects come to, collected one by one before any is made. */
export class ChangeDraft {
  records: RecordChange[] = [];
  messages: MessageChange[] = [];
  commands: DraftCommand[] = [];
  readonly jobs: PreparedJob[] = [];
  /** what the plugin keeps more, or less, once they are made */
  readonly added: Usage = { stateBytes: 0, timers: 0, outboxItems: 0 };
  /** when the first of the timers is due, unix ms */
  firstTimer: number | undefined = undefined;
  private knownCause: string | undefined = undefined;

  constructor(
    private readonly owner: DraftOwner,
    private readonly parts: DraftParts,
    /** unix ms */
    private readonly now: number,
  ) {}

  /** @throws HubError `state_full`, `timer_limit`, `outbox_full`, `job_limit`, `channel_limit` */
  add(effects: readonly Effect[]): Promise<void> | undefined {
    for (let i = 0; i < effects.length; i++) {
      const added = this.addOne(effects[i] as Effect);
      if (added) return added.then(() => this.add(effects.slice(i + 1)));
    }
    return undefined;
  }

  /** @returns a promise when it had to be waited for */
  private addOne(effect: Effect): Promise<void> | undefined {
    switch (effect.kind) {
      case 'command':
        this.commands = added(this.commands, withOrigin(effect.draft, this.causeJson));
        return undefined;
      case 'job':
        return this.addJob(effect);
      case 'cancel-job':
        return promiseOf(this.addJobCancel(effect));
      case 'message':
        this.messages.push(this.parts.messageFor(effect, this.causeJson));
        return undefined;
      case 'outbox':
        return this.addOutboxItem(effect);
      case 'state':
        return promiseOf(this.addState(effect));
      case 'timer':
        return promiseOf(this.addTimer(effect));
    }
  }

  private addJob(effect: JobEffect): undefined {
    this.addPrepared(this.parts.prepareJob(effect, this.causeJson));
  }

  private addJobCancel({ id }: JobCancelEffect): MaybePromise<void> {
    return andThen(this.parts.prepareCancel(id, this.owner.plugin), (job) => {
      if (job) this.addPrepared(job);
    });
  }

  private addPrepared(job: PreparedJob): undefined {
    this.jobs.push(job);
    this.records.push(...job.records);
    this.messages.push(...job.messages);
  }

  private get causeJson(): string {
    this.knownCause ??= writeCause(this.owner.cause);
    return this.knownCause;
  }

  private addState({ entry, value, ifRevision }: StateEffect): MaybePromise<void> {
    const { plugin, usage, maxStateBytes } = this.owner;
    const key = `${plugin}/${entry}`;
    return andThen(this.parts.engine.table(STATE).get(key), (old) => {
      this.added.stateBytes += stateBytes(entry, value) - stateBytes(entry, old?.value);
      const bytes = usage.stateBytes + this.added.stateBytes;
      if (value !== undefined && bytes > maxStateBytes) {
        throw new HubError(
          'state_full',
          `The state of ${plugin} would have ${bytes} bytes, and its grant is ${maxStateBytes} (grants.state). Delete ` +
            'entries, or raise the grant.',
        );
      }
      this.records = added(
        this.records,
        ifRevision === undefined ? { table: STATE, key, value } : { table: STATE, key, value, ifRevision },
      );
    });
  }

  private addTimer({ name, key, plan }: TimerEffect): MaybePromise<void> {
    const { plugin, usage, cause } = this.owner;
    const record = `${plugin}/${name}/${key}`;
    return andThen(this.parts.engine.table(TIMERS).get(record), (old) => {
      if (!plan && !old) return;
      const ifRevision = old?.revision ?? 0;
      if (old) {
        const { dueAt } = JSON.parse(old.value) as TimerRecord;
        this.records.push({ table: TIMES, key: timerTimeKey(plugin, dueAt, name, key), value: undefined });
        if (record !== this.owner.takenTimer) this.added.timers--;
      }
      if (!plan) {
        this.records.push({ table: TIMERS, key: record, value: undefined, ifRevision });
        return;
      }
      this.added.timers++;
      if (usage.timers + this.added.timers > MAX_TIMERS) {
        throw new HubError('timer_limit', `${plugin} has ${usage.timers} timers, and ${MAX_TIMERS} are allowed.`);
      }
      const { afterMs, ...rest } = plan;
      const timer: TimerRecord = { ...rest, dueAt: this.now + afterMs, cause };
      this.firstTimer = Math.min(this.firstTimer ?? timer.dueAt, timer.dueAt);
      this.records.push(
        { table: TIMERS, key: record, value: JSON.stringify(timer), ifRevision },
        { table: TIMES, key: timerTimeKey(plugin, timer.dueAt, name, key), value: ENTRY },
      );
    });
  }

  private addOutboxItem({ name, key, data }: Extract<Effect, { kind: 'outbox' }>): undefined {
    const { plugin, usage, cause } = this.owner;
    this.added.outboxItems++;
    if (usage.outboxItems + this.added.outboxItems > MAX_OUTBOX_ITEMS) {
      throw new HubError(
        'outbox_full',
        `The outbox of ${plugin} has ${usage.outboxItems} items that are not done, and ${MAX_OUTBOX_ITEMS} are allowed.`,
      );
    }
    const id = this.parts.nextId(this.now);
    const item: OutboxRecord = { id, name, key: key ?? id, data, cause };
    const at = timePrefix(plugin, this.now);
    this.records.push({ table: OUTBOX, key: `${at}/${id}`, value: JSON.stringify(item), ifRevision: 0 });
  }
}

function withOrigin({ device, name, params, paramsJson, options, message, job }: DraftCommand, origin: string) {
  return { device, name, params, paramsJson, options, message, job, origin };
}

export function timerTimeKey(plugin: string, dueAt: number, name: string, key: string): string {
  return `${timePrefix(plugin, dueAt)}/${name}/${key}`;
}

function promiseOf(value: MaybePromise<void>): Promise<void> | undefined {
  return value instanceof Promise ? value : undefined;
}

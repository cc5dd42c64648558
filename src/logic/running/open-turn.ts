import { HubError } from '../../channels/hub-error.js';
import { added } from '../../channels/with-one.js';
import type {
  JobDevices,
  MessageOptions,
  TimerOptions,
  Turn,
  TurnCommandOptions,
  TurnJobOptions,
  TurnOutbox,
  TurnState,
  TurnTimers,
} from '../../plugin/turn.js';
import type { Logger } from '../../telemetry/logger.js';
import { MAX_DEPTH } from '../cause.js';
import { loggerWith } from '../logger-with.js';
import {
  commandEffect,
  type Effect,
  invalid,
  jobCancelEffect,
  jobEffect,
  messageEffect,
  outboxEffect,
  type StateEffect,
  timerCancel,
  timerEffect,
} from './effects.js';
import { loopBroken } from './emission-cause.js';
import type { BegunTurn, TurnResult } from './handler-host.js';
import type { CalledJob } from './job.js';
import { OpenState, type StateAccess, type StateReader } from './turn-entries.js';
import { turnJobId } from './turn-job-id.js';

/** What a turn needs of whoever runs it. */
export interface TurnOwner {
  readonly plugin: string;
  readonly maxEffects: number;
  /** of the messages and the commands' params among them */
  readonly maxEffectBytes: number;
  readonly logger: Logger;
  /** `STATE` */
  readonly state: StateReader;
  /** names that timers and items of the outbox can have */
  readonly timerNames: ReadonlySet<string>;
  readonly outboxNames: ReadonlySet<string>;
  /** What to say of a name that is not among them; left out: what plugins are told. */
  notHandled?(kind: 'timer' | 'outbox', name: string): string;
}

/** One call of a handler, and what it has asked for so far. */
export class OpenTurn implements Turn, BegunTurn, StateAccess {
  ended: Promise<unknown> | undefined = undefined;
  isOver = false;
  private effects: Effect[] = [];
  private asked = 0;
  private askedBytes = 0;
  private skipped: string | undefined = undefined;
  private openState: OpenState | undefined = undefined;
  private pendingState: Map<string, StateEffect> | undefined = undefined;
  private givesBack: (() => void)[] | undefined = undefined;

  constructor(
    private readonly owner: TurnOwner,
    readonly job: CalledJob,
  ) {}

  get attempt(): number {
    return this.job.failures + 1;
  }

  get lost(): number {
    const { input } = this.job;
    return ('channel' in input && input.lost) || 0;
  }

  get plugin(): string {
    return this.owner.plugin;
  }

  get table(): StateReader {
    return this.owner.state;
  }

  get state(): TurnState {
    this.openState ??= new OpenState(this);
    return this.openState;
  }

  get timers(): TurnTimers {
    return {
      set: (name, after, key = this.ownKey, options?: TimerOptions) => {
        const effect = timerEffect(name, after, key, options);
        this.checkHandled('timer', name, this.owner.timerNames);
        this.add(effect);
      },
      cancel: (name, key = this.ownKey) => this.add(timerCancel(name, key)),
    };
  }

  get outbox(): TurnOutbox {
    return {
      put: (name, data, key) => {
        this.checkHandled('outbox', name, this.owner.outboxNames);
        this.add(outboxEffect(name, data, key));
      },
    };
  }

  get log(): Logger {
    const { handler, subject } = this.job;
    return loggerWith(this.owner.logger, { handler: handler.name, device: subject });
  }

  command(device: string, name: string, params?: unknown, options?: TurnCommandOptions): void {
    const effect = commandEffect(device, name, params, options);
    this.checkOpen();
    this.checkDepth();
    this.checkBytes(effect.draft.paramsJson.length);
    const giveBack = this.job.handler.permissions.takeCommand(device, name);
    this.givesBack = added(this.givesBack ?? [], giveBack);
    this.add(effect);
  }

  startJob(devices: JobDevices, name: string, params?: unknown, options?: TurnJobOptions): string {
    const effect = jobEffect(devices, name, params, options);
    this.checkOpen();
    this.checkDepth();
    this.job.handler.permissions.checkJob(effect.draft);
    const id = turnJobId(this.owner.plugin, this.job, this.asked);
    this.add({ ...effect, id });
    return id;
  }

  cancelJob(id: string): void {
    this.add(jobCancelEffect(id));
  }

  publish(channel: string, body: unknown, options?: MessageOptions): void {
    const effect = messageEffect(channel, body, options);
    this.checkOpen();
    this.checkDepth();
    this.job.handler.permissions.checkPublish(channel);
    this.checkBytes(effect.body.length);
    this.add(effect);
  }

  skip(reason: string): void {
    this.checkOpen();
    this.undo();
    this.skipped = String(reason).slice(0, MAX_REASON_LENGTH);
  }

  ask(effect: StateEffect): void {
    this.add(effect);
    this.pendingState ??= new Map();
    this.pendingState.set(effect.entry, effect);
  }

  pending(entry: string): StateEffect | undefined {
    return this.pendingState?.get(entry);
  }

  allPending(): Iterable<StateEffect> {
    return this.pendingState?.values() ?? [];
  }

  checkOpen(): void {
    const { handler, subject } = this.job;
    if (this.isOver || this.skipped !== undefined) {
      const how = this.isOver ? 'after it had ended. Await what a handler begins.' : 'after it had skipped it.';
      throw new HubError('turn_over', `${handler.name} used its turn for ${eventOf(this.job)} of ${subject} ${how}`);
    }
  }

  close(): TurnResult {
    this.isOver = true;
    const { effects, pendingState, skipped } = this;
    if (!pendingState) return { effects, skipped };
    // Of one entry the last value counts.
    return { effects: [...effects.filter(({ kind }) => kind !== 'state'), ...pendingState.values()], skipped };
  }

  abandon(): void {
    this.isOver = true;
    this.undo();
  }

  /** Forgets what it was asked for, and goes on. What it has read stays read. */
  startOver(): void {
    this.undo();
    this.asked = 0;
    this.askedBytes = 0;
    this.skipped = undefined;
  }

  private get ownKey(): string {
    return this.job.subject;
  }

  private undo(): void {
    for (const giveBack of this.givesBack ?? []) giveBack();
    this.givesBack = undefined;
    this.pendingState = undefined;
    this.effects = [];
  }

  private add(effect: Effect): void {
    this.checkOpen();
    const { maxEffects } = this.owner;
    if (this.asked >= maxEffects) {
      const { name } = this.job.handler;
      throw new HubError('turn_limit', `${name} asked for more than ${maxEffects} things in one turn.`);
    }
    this.asked++;
    this.effects = added(this.effects, effect);
  }

  private checkBytes(bytes: number): void {
    const { maxEffectBytes } = this.owner;
    this.askedBytes += bytes;
    if (this.askedBytes <= maxEffectBytes) return;
    const { name } = this.job.handler;
    throw new HubError(
      'turn_limit',
      `${name} asked for commands and messages of ${this.askedBytes} bytes in one turn; ${maxEffectBytes} are allowed.`,
    );
  }

  private checkHandled(kind: 'timer' | 'outbox', name: string, names: ReadonlySet<string>): void {
    if (names.has(name)) return;
    const shown = String(name).slice(0, 80);
    if (this.owner.notHandled) throw invalid(this.owner.notHandled(kind, shown));
    const decorator = kind === 'timer' ? '@OnTimer' : '@OnOutbox';
    throw invalid(`No method of the plugin has ${decorator}("${shown}"), so nobody would be called.`);
  }

  private checkDepth(): void {
    const { depth, handler } = this.job;
    if (depth < MAX_DEPTH) return;
    throw loopBroken(handler.name, depth);
  }
}

const MAX_REASON_LENGTH = 200;

function eventOf({ input }: CalledJob): string {
  return 'channel' in input ? `an ${input.kind}` : `a ${input.kind}`;
}

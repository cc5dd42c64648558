import { createHash, timingSafeEqual } from 'node:crypto';
import { HubError } from '../../channels/hub-error.js';
import type { MaybePromise } from '../../engine/message-log.js';
import type { Decisions } from '../explaining/decisions.js';
import type { Hosted, HubSurroundings } from '../hosted.js';
import { HostedTurns } from '../hosted-turns.js';
import type { Follower } from '../journal/follower.js';
import { interestOf } from '../journal/interest.js';
import type { ServerDeclaration } from '../loading/declared-servers.js';
import type { PluginConfigFault } from '../plugin-entry.js';
import type { PluginState, PluginStatus, RedriveResult } from '../plugin-status.js';
import type { DeadLetters } from '../running/dead-letters.js';
import type { PluginRun } from '../running/plugin-run.js';
import { messageOf } from '../running/reader-surroundings.js';
import { STATE } from '../store/tables.js';
import type { Usage } from '../store/usage.js';
import { within } from '../within.js';
import { LeaseHost } from './lease-host.js';
import type { StateQuery, StateValue, TurnPollTerms, WaitingPoll } from './logic-servers.js';
import { askTurn, readReply } from './reply.js';
import { declarationOf, type LogicServerEntry } from './server-entry.js';

/** How long whoever drives a dead letter again waits for a logic server to take it. */
const REDRIVE_TIMEOUT_MS = 30_000;

/** One logic server that runs outside of the hub: what it has not done waits for it, however long it is away. */
export class ExternalServer implements Hosted {
  readonly declarations: readonly ServerDeclaration[];
  private state: PluginState = 'disabled';
  private reason: string | undefined;
  private readonly host: LeaseHost;
  private readonly turns: HostedTurns;

  constructor(
    private readonly entry: LogicServerEntry,
    private readonly hub: HubSurroundings,
  ) {
    const { channels, commits, wheel, logger, limits } = hub;
    this.declarations = [declarationOf(entry)];
    this.turns = new HostedTurns(entry.name, hub);
    this.host = new LeaseHost({
      ...{
        plugin: entry.name,
        maxEffects: limits.maxEffectsPerTurn,
        maxEffectBytes: limits.maxEffectBytesPerTurn,
        logger,
        wheel,
      },
      state: commits.engine.table(STATE),
      timerNames: new Set(entry.timers),
      outboxNames: new Set(entry.outbox),
      now: () => channels.clock.now(),
      notHandled: (kind, name) =>
        `"${name}" does not stand in ${kind === 'timer' ? 'timers' : 'outbox'} of logic_servers.${entry.name}, so it ` +
        'would not be told of it.',
    });
  }

  get name(): string {
    return this.entry.name;
  }

  get letters(): DeadLetters {
    return this.turns.letters;
  }

  get decisions(): Decisions {
    return this.turns.decisions;
  }

  get usage(): Usage | undefined {
    return this.turns.run?.usage;
  }

  get isEnabled(): boolean {
    return this.entry.enabled;
  }

  async load(): Promise<void> {
    if (this.isEnabled) this.state = 'starting';
  }

  /** Its settings were checked with the rest of the configuration. */
  checkConfig(): readonly PluginConfigFault[] {
    return [];
  }

  follow(follower: Follower): void {
    this.turns.follower = follower;
    follower.want(interestOf(this.declarations));
  }

  async open(): Promise<void> {
    const { turns, host } = this;
    if (!turns.follower) return;
    // None of its code runs here.
    const zone = { lateFault: () => {} };
    try {
      const fail = (reason: string) => this.fail(reason);
      turns.run = await turns.open(this.declarations, turns.follower, { host, zone, fail });
      this.state = 'running';
      turns.run.start();
    } catch (error) {
      this.fail(messageOf(error), error);
    }
  }

  get nextLookInMs(): number {
    const { run } = this.turns;
    return run && this.state === 'running' ? run.nextLookInMs : Number.POSITIVE_INFINITY;
  }

  get isUnsaved(): boolean {
    return this.turns.follower?.progress.isUnsaved ?? false;
  }

  look(): void {
    if (this.state === 'running') this.turns.run?.look();
  }

  save(): MaybePromise<void> {
    return this.turns.follower?.progress.save();
  }

  /** Hands out nothing more, and resolves when what is out was answered. */
  async drain(): Promise<void> {
    this.host.stop();
    if (this.state === 'running') await this.turns.run?.drain();
  }

  stop(): void {
    this.host.stop();
    this.turns.run?.stop();
    if (this.state === 'running') this.state = 'stopped';
  }

  async close(): Promise<void> {
    // It is none of the hub's.
  }

  kill(): void {
    // As above.
  }

  async reload(): Promise<void> {
    throw this.hasNoCode();
  }

  describe(): never {
    throw this.hasNoCode();
  }

  status(): PluginStatus {
    const { turns, state, reason, name } = this;
    const pauseReason = state === 'running' ? turns.run?.pauseReason : undefined;
    return {
      ...{ name, version: undefined, from: `POST /v1/logic/${name}/turns/next` },
      ...(pauseReason === undefined ? { state, reason } : { state: 'paused', reason: pauseReason }),
      isolation: undefined,
      worker: undefined,
      ...turns.figures,
    };
  }

  /** @throws HubError `dead_letter_not_found`, `plugin_failed` when it does not run */
  async redrive(id: string): Promise<RedriveResult> {
    const driven = this.running().redrive(id);
    return within<RedriveResult>(this.hub.channels.clock, REDRIVE_TIMEOUT_MS, driven, () => ({
      isDone: false,
      error: `Within ${REDRIVE_TIMEOUT_MS / 1000} s it was not done with. The turn waits for "${this.name}" to take it.`,
    }));
  }

  /** @throws HubError `unauthorized` */
  authorize(authorization: string | undefined): void {
    const { token, name } = this.entry;
    if (token === undefined || isSame(authorization ?? '', `Bearer ${token}`)) return;
    throw new HubError(
      'unauthorized',
      `Turns of "${name}" are for whoever shows its token: "Authorization: Bearer TOKEN", as logic_servers.${name}.token has it.`,
    );
  }

  /** @throws HubError `too_many_polls`, `plugin_failed`, `stopping` */
  next(terms: TurnPollTerms): WaitingPoll {
    this.running();
    return this.host.next(terms);
  }

  /** @throws as `LogicServers.answerTurn` */
  async answer(lock: string, written: unknown): Promise<void> {
    const lease = this.host.find(lock);
    if (lease === 'answered') return;
    if (lease.outcome) return lease.outcome;
    try {
      const reply = readReply(written);
      if (reply.is === 'rejected') return lease.reject(reply.reason);
      if (reply.is === 'skipped') lease.turn.skip(reply.reason);
      else askTurn(lease.turn, reply, this.hub.limits.maxEffectsPerTurn);
    } catch (error) {
      lease.noteRefusal(error);
      throw error;
    }
    return lease.done();
  }

  /** @throws as `LogicServers.readState` */
  async readState(lock: string, { key, name, prefix }: StateQuery): Promise<readonly StateValue[]> {
    const lease = this.host.find(lock);
    if (lease === 'answered') throw new HubError('lock_lost', 'The turn was answered; its state is not read any more.');
    const { state } = lease.turn;
    const values = key === undefined ? state.global : state.for(key);
    if (name === undefined) return values.list(prefix);
    const value = await values.get(name);
    return value === undefined ? [] : [{ name, value }];
  }

  private hasNoCode(): HubError {
    const sentence = `"${this.name}" is a logic server outside of the hub, which has no code of it.`;
    return new HubError('plugin_failed', sentence);
  }

  private running(): PluginRun {
    const { run } = this.turns;
    if (run && this.state === 'running') return run;
    const why = this.reason === undefined ? '' : `: ${this.reason}`;
    throw new HubError('plugin_failed', `The logic server "${this.name}" is ${this.state}${why}.`);
  }

  private fail(reason: string, error?: unknown): void {
    this.state = 'failed';
    this.reason = reason;
    this.host.stop();
    this.turns.run?.stop();
    const facts = { plugin: this.name, ...(error !== undefined && { error }) };
    this.hub.logger.error(facts, `The logic server "${this.name}" does not run: ${reason}`);
  }
}

/** In a time that does not tell where they differ. */
function isSame(a: string, b: string): boolean {
  const digestOf = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digestOf(a), digestOf(b));
}

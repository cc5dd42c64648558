import { isPromise } from '../../channels/maybe-promise.js';
import type { Declaration } from '../../plugin/declarations.js';
import type { Turn } from '../../plugin/turn.js';
import type { Logger } from '../../telemetry/logger.js';
import { inZone } from '../plugin-zone.js';
import type { Effect } from './effects.js';
import { OpenTurn, type TurnOwner } from './open-turn.js';
import type { EventReader, QueuedEvent } from './queued-event.js';
import { readPayload } from './read-payload.js';
import { messageOf, type ReaderSurroundings } from './reader-surroundings.js';
import { ReceivedEvent } from './received-event.js';

export type HandlerMethod = (event: ReceivedEvent, turn: Turn) => unknown;

/** Calls a method with `@OnEvent` for each event: one call, one turn. */
export class EventHandler implements EventReader, TurnOwner {
  readonly pattern: string;
  readonly maxEffects: number;
  readonly logger: Logger;
  /** turns whose handler has not resolved yet */
  private readonly open = new Set<OpenTurn>();
  /** turns that were given up, and whose handlers still run */
  private abandoned = 0;

  /** @param handle the method, bound to its logic server */
  constructor(
    readonly name: string,
    private readonly declaration: Declaration,
    private readonly handle: HandlerMethod,
    private readonly around: ReaderSurroundings,
  ) {
    this.pattern = declaration.pattern;
    this.maxEffects = around.limits.maxEffectsPerTurn;
    this.logger = around.logger;
  }

  get openTurns(): number {
    return this.open.size;
  }

  start(): void {}

  read(event: QueuedEvent): boolean {
    const payload = readPayload(event.body, this.declaration.payload);
    if (!payload.isValid) {
      noteInvalid(this.around, this.name, event, payload.fault);
      return true;
    }
    const turn = new OpenTurn(this, event);
    try {
      const result = inZone(this.around.zone, this.handle, new ReceivedEvent(event, payload.data), turn);
      return isThenable(result) ? this.wait(turn, Promise.resolve(result)) : this.commit(turn);
    } catch (error) {
      turn.close();
      return this.noteFailure(turn, error);
    }
  }

  /** The handler goes on, and nobody listens: what it has asked for is not done. */
  giveUp(turn: OpenTurn): void {
    const { counters, warnings, limits } = this.around;
    counters.timedOut++;
    const sentence = `${this.name} was given up: it took more than ${limits.turnTimeoutMs / 1000} s. What it asked for is not done.`;
    warnings.warn(`${this.name} late`, { device: turn.event.device }, sentence);
    this.abandon(turn);
    this.around.finish(turn.event);
    if (this.abandoned <= limits.maxAbandonedTurns) return;
    this.around.fail(`${this.abandoned} turns of ${this.name} were given up and have never ended.`);
  }

  stop(): void {
    this.around.counters.timedOut += this.open.size;
    for (const turn of this.open) this.abandon(turn);
  }

  private wait(turn: OpenTurn, result: Promise<unknown>): boolean {
    this.open.add(turn);
    this.around.wheel.arm(turn, this.around.limits.turnTimeoutMs);
    result.then(
      () => this.settle(turn, () => this.commit(turn)),
      (error: unknown) => this.settle(turn, () => this.noteFailure(turn, error)),
    );
    return false;
  }

  private settle(turn: OpenTurn, finish: () => boolean): void {
    if (!this.open.delete(turn)) {
      this.abandoned--;
      return;
    }
    this.around.wheel.disarm(turn);
    if (finish()) this.around.finish(turn.event);
  }

  /** @returns true when all is done; else the event is finished later */
  private commit(turn: OpenTurn): boolean {
    const effects = turn.close();
    try {
      const applied = this.around.effects.apply(effects);
      if (!isPromise(applied)) return this.noteTurn(effects);
      applied
        .then(
          () => this.noteTurn(effects),
          (error: unknown) => this.noteFailure(turn, error),
        )
        .then(() => this.around.finish(turn.event));
      return false;
    } catch (error) {
      return this.noteFailure(turn, error);
    }
  }

  private noteTurn(effects: readonly Effect[]): true {
    const { counters } = this.around;
    counters.turns++;
    for (const { kind } of effects) {
      if (kind === 'command') counters.commands++;
      else counters.messages++;
    }
    return true;
  }

  private noteFailure(turn: OpenTurn, error: unknown): true {
    turn.close();
    this.around.counters.failed++;
    const { device, type } = turn.event;
    const sentence = `${this.name} failed for an event "${type}" of ${device}: ${messageOf(error)}`;
    this.around.warnings.warn(`${this.name} failed`, { device, type, error }, sentence);
    return true;
  }

  private abandon(turn: OpenTurn): void {
    turn.close();
    this.open.delete(turn);
    this.around.wheel.disarm(turn);
    this.abandoned++;
  }
}

/** Counts and tells a payload that its class did not let pass. */
export function noteInvalid(around: ReaderSurroundings, reader: string, event: QueuedEvent, fault: string): void {
  around.counters.invalid++;
  const { device, type } = event;
  const sentence = `${reader} did not get an event "${type}" of ${device}, for its payload is wrong: ${fault}.`;
  around.warnings.warn(`${reader} invalid`, { device, type }, sentence);
}

/** @throws what a hostile `then` throws */
function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && typeof (value as PromiseLike<unknown>).then === 'function';
}

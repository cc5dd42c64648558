import type { Deadlined } from '../../channels/deadline-wheel.js';
import { HubError } from '../../channels/hub-error.js';
import type { MessageOptions, Turn } from '../../plugin/turn.js';
import type { Logger } from '../../telemetry/logger.js';
import { loggerWith } from '../logger-with.js';
import { commandEffect, type Effect, messageEffect } from './effects.js';
import type { QueuedEvent } from './queued-event.js';

const NOTHING: readonly Effect[] = [];

/** What a turn asks of the handler that it is a call of. */
export interface TurnOwner {
  readonly name: string;
  readonly maxEffects: number;
  readonly logger: Logger;
  /** The turn has had its time. */
  giveUp(turn: OpenTurn): void;
}

/** One call of a handler, and what it has asked for so far. */
export class OpenTurn implements Turn, Deadlined {
  dueAt = 0;
  wheelSlot = -1;
  wheelIndex = 0;
  isOver = false;
  private asked: Effect[] | undefined = undefined;

  constructor(
    private readonly owner: TurnOwner,
    readonly event: QueuedEvent,
  ) {}

  command(device: string, name: string, params?: unknown): void {
    this.ask(commandEffect(device, name, params));
  }

  publish(channel: string, body: unknown, options?: MessageOptions): void {
    this.ask(messageEffect(channel, body, options));
  }

  get log(): Logger {
    const { logger, name } = this.owner;
    return loggerWith(logger, { handler: name, device: this.event.device });
  }

  /** Ends the turn: what is asked of it from now on is refused. @returns what it has asked for */
  close(): readonly Effect[] {
    this.isOver = true;
    return this.asked ?? NOTHING;
  }

  expire(): void {
    this.owner.giveUp(this);
  }

  private ask(effect: Effect): void {
    const { name, maxEffects } = this.owner;
    if (this.isOver) {
      throw new HubError(
        'turn_over',
        `${name} used its turn for an event of ${this.event.device} after it had ended. Await what a handler begins.`,
      );
    }
    this.asked ??= [];
    if (this.asked.length >= maxEffects) {
      throw new HubError('turn_limit', `${name} asked for more than ${maxEffects} commands and messages in one turn.`);
    }
    this.asked.push(effect);
  }
}

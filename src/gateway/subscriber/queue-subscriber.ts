import { HubError } from '../../channels/hub-error.js';
import { andThen } from '../../channels/maybe-promise.js';
import type { PollEnd } from '../../channels/parked-polls.js';
import type { Commands } from '../../commands/commands.js';
import type { Command } from '../../commands/life/command.js';
import { CommandPoll, type Delivery, type PollTerms, type SentListener } from '../../commands/queue/command-poll.js';
import { lockPosition, positionLock } from '../../commands/queue/locks.js';
import { BEFORE_ALL } from '../../engine/position.js';
import type { Location } from '../../locations/location.js';
import { type Answer, type Exchange, endDevicePollWith, type Parking } from '../exchange.js';
import { rawParams } from '../raw-params.js';
import { intervalEndAnswer, messageHeaders, pollEndAnswer } from './push-subscriber.js';

/** A device's queue as a location shows it: commands as their bare params, or as JSON with id and name as well. */
export interface QueueView {
  readonly device: string;
  readonly form: 'params' | 'json';
}

/** A push-module device that polls its queue: what its poll names by Last-Modified and Etag, it has. */
class PushCommandPoll extends CommandPoll implements Parking {
  readonly hasReadHead = true;

  constructor(
    private readonly exchange: Exchange,
    terms: PollTerms,
    private readonly form: QueueView['form'],
    private readonly nothing: Answer,
  ) {
    super(terms, exchange.device);
  }

  leave(): void {
    this.leaveQueue();
  }

  endAnswer(reason: PollEnd): Answer {
    return reason === 'timeout' ? this.nothing : pollEndAnswer(reason);
  }

  protected deliver({ commands, lock }: Delivery, sent: SentListener): void {
    endDevicePollWith(this.exchange, commands);
    const { contentType, body } = bodyOf(commands[0] as Command, this.form);
    const headers = messageHeaders({ contentType, position: lockPosition(lock) }, this.exchange.location);
    this.exchange.answer({ status: 200, headers, body }, sent);
  }

  protected end(reason: PollEnd | HubError): void {
    if (reason instanceof HubError) this.exchange.fail(reason);
    else this.exchange.end(reason);
  }
}

/**
 * A subscriber's GET at a device's queue: the next command as a message. Whoever polls with its Last-Modified and Etag has
 * it; whoever polls without them is given it again.
 * @throws HubError `invalid_device_id`
 */
export function subscribeToQueue(
  exchange: Exchange,
  commands: Commands,
  location: Location,
  { device, form }: QueueView,
): void {
  const { subscriberMode, subscriberTimeoutMs } = location.settings;
  const isInterval = subscriberMode === 'interval-poll';
  const nothing = isInterval ? intervalEndAnswer(exchange) : pollEndAnswer('timeout');
  const poll = new PushCommandPoll(exchange, termsOf(exchange, commands), form, nothing);
  exchange.parkedIn = poll;
  const looked = commands.poll(device, poll);
  if (isInterval) void andThen(looked, () => poll.giveUp());
  else if (!poll.isOver && subscriberTimeoutMs > 0) exchange.armTimeout(subscriberTimeoutMs);
}

function termsOf(exchange: Exchange, commands: Commands): PollTerms {
  const lock = exchange.asked === BEFORE_ALL ? '' : positionLock(exchange.asked);
  return { session: '', max: 1, leaseMs: commands.rules.leaseMs, lock, lockedBy: 'position' };
}

function bodyOf(command: Command, form: QueueView['form']): { contentType: string | null; body: string } {
  if (form === 'params' || command.message) return rawParams(command);
  const { id, name, paramsJson } = command;
  return {
    contentType: 'application/json',
    body: `{"id":"${id}","name":${JSON.stringify(name)},"params":${paramsJson}}`,
  };
}

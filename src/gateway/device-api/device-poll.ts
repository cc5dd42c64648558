import { HubError } from '../../channels/hub-error.js';
import { andThen } from '../../channels/maybe-promise.js';
import type { PollEnd } from '../../channels/parked-polls.js';
import type { Commands } from '../../commands/commands.js';
import { CommandPoll, type Delivery, type SentListener } from '../../commands/queue/command-poll.js';
import { checkDeviceId } from '../../devices/device-id.js';
import type { Registry } from '../../devices/registry/registry.js';
import { problemAnswer } from '../answers.js';
import { type Answer, type Exchange, endDevicePollWith, type Parking } from '../exchange.js';
import { type AskedPoll, askedPoll, type PollTimes } from './asked.js';
import { jsonDelivery, rawDelivery } from './delivery-answer.js';

const NOTHING_IN_TIME: Answer = { status: 204, headers: [['Cache-Control', 'no-store']], body: '' };

const endAnswers: Record<PollEnd, Answer> = {
  conflict: problemAnswer(
    new HubError(
      'poll_taken_over',
      'A newer poll of this device took the place of this one. Two programs that share a credential each need a ' +
        'Signalbox-Session of their own.',
    ),
  ),
  gone: problemAnswer(new HubError('command_gone', 'The device was deleted.')),
  timeout: NOTHING_IN_TIME,
  stopping: { ...NOTHING_IN_TIME, close: true },
};

/** What a poll needs beside its exchange. */
export interface PollParts {
  readonly commands: Commands;
  readonly registry: Registry;
  readonly times: PollTimes;
  /** unix ms */
  readonly now: () => number;
}

/** A request of the device API that waits for commands. */
class DevicePoll extends CommandPoll implements Parking {
  readonly hasReadHead = true;

  constructor(
    private readonly exchange: Exchange,
    private readonly asked: AskedPoll,
    private readonly now: () => number,
    /** what it gets when no command comes in time */
    private readonly otherwise: Answer,
  ) {
    super(asked.terms, exchange.device);
  }

  leave(): void {
    this.leaveQueue();
  }

  endAnswer(reason: PollEnd): Answer {
    if (reason === 'timeout') return this.otherwise;
    return reason === 'stopping' ? { ...this.otherwise, close: true } : endAnswers[reason];
  }

  protected deliver(delivery: Delivery, sent: SentListener): void {
    const { isRaw, terms } = this.asked;
    endDevicePollWith(this.exchange, delivery.commands);
    const now = this.now();
    this.exchange.answer(isRaw ? rawDelivery(delivery, now) : jsonDelivery(delivery, terms.max > 1, now), sent);
  }

  protected end(reason: PollEnd | HubError): void {
    if (reason instanceof HubError) this.exchange.fail(reason);
    else this.exchange.end(reason);
  }
}

/**
 * Waits for commands of a device: 200 with them, or what `otherwise` says.
 * @param otherwise the answer when none comes in time
 * @throws HubError `bad_request`, `invalid_device_id`
 */
export function pollCommands(
  exchange: Exchange,
  device: string,
  { commands, registry, times, now }: PollParts,
  otherwise: Answer = NOTHING_IN_TIME,
): void {
  const asked = askedPoll(exchange, times);
  exchange.device = registry.asking(checkDeviceId(device));
  exchange.device.pollOpened();
  const poll = new DevicePoll(exchange, asked, now, otherwise);
  exchange.parkedIn = poll;
  const looked = commands.poll(device, poll);
  if (asked.waitMs === 0) void andThen(looked, () => poll.giveUp());
  else if (!poll.isOver) exchange.armTimeout(asked.waitMs);
}

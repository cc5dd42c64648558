import { isUtf8 } from 'node:buffer';
import { HubError } from '../../channels/hub-error.js';
import { andThen, isPromise } from '../../channels/maybe-promise.js';
import type { Commands } from '../../commands/commands.js';
import { draftMessage } from '../../commands/draft-command.js';
import type { Registry } from '../../devices/registry/registry.js';
import type { MaybePromise } from '../../engine/message-log.js';
import type { Exchange } from '../exchange.js';
import { infoAnswer } from './channel-info.js';

export interface QueueParts {
  readonly commands: Commands;
  readonly registry: Registry;
  /** unix ms */
  readonly now: () => number;
}

/**
 * A publisher's request at the channel that a device's queue is seen as: POST sends the body as a command that the device
 * reads as a message, GET and PUT tell the queue's state.
 * @throws HubError `forbidden` for other methods, `invalid_payload` for a body that is no text
 */
export function publishToQueue(exchange: Exchange, device: string, parts: QueueParts): void {
  switch (exchange.method) {
    case 'GET':
    case 'PUT':
      return finish(exchange, answerState(exchange, device, 200, parts));
    case 'POST': {
      const { body } = exchange;
      if (!isUtf8(body)) throw notText(device);
      const draft = draftMessage(device, body.toString('utf8'), exchange.header('content-type') || null);
      const sent = andThen(parts.commands.sendDraft(draft), ({ delivered }) =>
        answerState(exchange, device, delivered ? 201 : 202, parts),
      );
      return finish(exchange, sent);
    }
    default:
      throw notDeletable(device);
  }
}

function answerState(
  exchange: Exchange,
  device: string,
  status: number,
  { commands, registry, now }: QueueParts,
): MaybePromise<void> {
  return andThen(commands.stateOf(device), ({ waiting, polls }) => {
    const lastContactAt = registry.find(device)?.lastContactAt ?? now();
    const requested = Math.max(0, Math.floor((now() - lastContactAt) / 1000));
    const info = { messages: waiting, requested, subscribers: polls };
    exchange.answer({ status, ...infoAnswer(info, exchange.header('accept')) });
  });
}

function finish(exchange: Exchange, answered: MaybePromise<void>): void {
  if (isPromise(answered)) answered.catch((error: unknown) => exchange.fail(error));
}

function notText(device: string): HubError {
  return new HubError(
    'invalid_payload',
    `What is published to the commands of device "${device}" must be text in UTF-8; this body has other bytes. ` +
      'Publish it on a channel of another name, or send it encoded.',
  );
}

function notDeletable(device: string): HubError {
  return new HubError(
    'forbidden',
    `This channel shows the commands of device "${device}" and cannot be deleted; cancel a command by ` +
      `DELETE /v1/devices/${device}/commands/ID.`,
  );
}

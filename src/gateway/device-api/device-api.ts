import type { Publication } from '../../channels/channel.js';
import { HubError } from '../../channels/hub-error.js';
import { isPromise } from '../../channels/maybe-promise.js';
import type { Commands, SentCommand } from '../../commands/commands.js';
import type { DeviceEvents } from '../../devices/device-events.js';
import { formatPosition } from '../../engine/position.js';
import { jsonAnswer, methodNotAllowed } from '../answers.js';
import type { Answer, Exchange } from '../exchange.js';

/** POST /v1/devices/{device}/events/{type}: 202 with the event's position once it is stored. */
export function postEvent(exchange: Exchange, events: DeviceEvents, device: string, type: string): void {
  if (exchange.method !== 'POST') return refuse(exchange);
  const recorded = events.record(device, type, exchange.body, exchange.header('content-type') || null);
  if (isPromise(recorded)) answerLater(exchange, recorded, stored);
  else exchange.answer(stored(recorded));
}

/** POST /v1/devices/{device}/commands with `{"name","params"}`: sends a command by hand; 202 with its id and position. */
export function postCommand(exchange: Exchange, commands: Commands, device: string): void {
  if (exchange.method !== 'POST') return refuse(exchange);
  const { name, params } = commandIn(exchange.body);
  const sent = commands.send(device, name, params);
  if (isPromise(sent)) answerLater(exchange, sent, accepted);
  else exchange.answer(accepted(sent));
}

function refuse(exchange: Exchange): void {
  if (exchange.method === 'OPTIONS') exchange.answer({ status: 204, headers: [['Allow', 'POST, OPTIONS']], body: '' });
  else exchange.answer(methodNotAllowed(exchange.method, 'POST, OPTIONS'));
}

function stored(publication: Publication): Answer {
  return jsonAnswer(202, { position: formatPosition(publication.message.position) });
}

function accepted(sent: SentCommand): Answer {
  const { message, delivered, command } = sent;
  return jsonAnswer(202, { id: command.id, position: formatPosition(message.position), delivered: delivered > 0 });
}

function answerLater<T>(exchange: Exchange, result: Promise<T>, toAnswer: (value: T) => Answer): void {
  result.then((value) => exchange.answer(toAnswer(value))).catch((error: unknown) => exchange.fail(error));
}

const MAX_NAME_LENGTH = 128;

function commandIn(body: Buffer): { name: string; params: unknown } {
  const { name, params, ...rest } = objectIn(body);
  const unknown = Object.keys(rest)[0];
  if (unknown !== undefined) {
    throw new HubError('invalid_payload', `A command has "name" and "params", not "${unknown.slice(0, 80)}".`);
  }
  if (typeof name !== 'string' || name === '' || name.length > MAX_NAME_LENGTH) {
    throw new HubError(
      'invalid_payload',
      `A command's "name" must be a text of 1 to ${MAX_NAME_LENGTH} characters, as in {"name":"fan.set","params":{"on":true}}.`,
    );
  }
  return { name, params: params ?? {} };
}

function objectIn(body: Buffer): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(body.toString('utf8'));
  } catch (error) {
    throw new HubError('bad_json', `The body is not JSON: ${(error as Error).message}`, { cause: error });
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new HubError(
    'invalid_payload',
    'The body must be a JSON object, as in {"name":"fan.set","params":{"on":true}}.',
  );
}

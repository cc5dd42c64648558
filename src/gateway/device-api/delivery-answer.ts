import type { Command } from '../../commands/life/command.js';
import type { Delivery } from '../../commands/queue/command-poll.js';
import type { Answer } from '../exchange.js';
import { rawParams } from '../raw-params.js';

const NO_STORE = ['Cache-Control', 'no-store'] as const;
const JSON_TYPE = ['Content-Type', 'application/json'] as const;

/** Commands as JSON: one object, or an array for a poll that asked for several. @param now unix ms */
export function jsonDelivery(delivery: Delivery, asArray: boolean, now: number): Answer {
  const objects = delivery.commands.map((command) => jsonOf(command, delivery.lock, now));
  const body = asArray ? `[${objects.join(',')}]\n` : `${objects[0]}\n`;
  return { status: 200, headers: [JSON_TYPE, NO_STORE, ...droppedLines(delivery)], body };
}

/** One command as its bare params, for devices that read no JSON; all else stands in header lines. @param now unix ms */
export function rawDelivery(delivery: Delivery, now: number): Answer {
  const command = delivery.commands[0] as Command;
  const { contentType, body } = rawParams(command);
  const lines = Object.entries(factsOf(command, delivery.lock, now)).map(
    ([name, value]) => [`Signalbox-${capitalized(name)}`, visible(String(value))] as const,
  );
  const type: Answer['headers'] = contentType === null ? [] : [['Content-Type', contentType]];
  return { status: 200, headers: [...type, NO_STORE, ...lines, ...droppedLines(delivery)], body };
}

function jsonOf(command: Command, lock: string, now: number): string {
  const { id, name, ...rest } = factsOf(command, lock, now);
  const facts = JSON.stringify(rest);
  return `{"id":"${id}","name":${JSON.stringify(name)},"params":${command.paramsJson},${facts.slice(1)}`;
}

/** What a device is told of a command beside its params. Times are seconds that are left: no device needs a clock. */
function factsOf(command: Command, lock: string, now: number) {
  const { id, device, name, seq, lane, attempt, ack, expiresAt, timeoutMs } = command;
  return {
    id,
    name,
    seq,
    lane,
    attempt,
    lock,
    ack,
    ttl: Math.max(Math.ceil((expiresAt - now) / 1000), 0),
    timeout: Math.ceil(timeoutMs / 1000),
    reply: `/v1/devices/${device}/commands/${id}/${lock}`,
  };
}

function droppedLines({ dropped }: Delivery): Answer['headers'] {
  return dropped > 0 ? [['Signalbox-Dropped', String(dropped)]] : [];
}

function capitalized(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

/** Percent-encoded where a header line cannot hold a character. */
function visible(text: string): string {
  return /^[\x21-\x24\x26-\x7e]*$/.test(text) ? text : encodeURIComponent(text);
}

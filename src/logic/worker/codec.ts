import { Buffer } from 'node:buffer';
import { type ErrorCode, errorCatalogue, HubError } from '../../channels/hub-error.js';
import { draftCommand } from '../../commands/draft-command.js';
import { checkJobDraft } from '../../commands/jobs/draft-job.js';
import { EngineError, type EngineErrorCode } from '../../engine/message-log.js';
import type { ServerDeclaration } from '../loading/declared-servers.js';
import { type Effect, messageEffect } from '../running/effects.js';
import { PayloadFault } from '../running/handler-host.js';
import { messageOf } from '../running/reader-surroundings.js';
import type { TurnInput } from '../running/turn-input.js';
import type { Bytes, WireEffect, WireFault, WireInput, WireServer } from './protocol.js';

const MAX_MESSAGE_LENGTH = 2_000;
const MAX_STACK_LENGTH = 4_000;
const MAX_FACTS_LENGTH = 16_384;

export function writeBytes(bytes: Buffer): Bytes {
  return bytes.toString('latin1');
}

export function readBytes(bytes: Bytes): Buffer {
  return Buffer.from(bytes, 'latin1');
}

export function writeInput(input: TurnInput): WireInput {
  if (!('body' in input)) return input;
  return { ...input, body: writeBytes(input.body) };
}

export function readInput(input: WireInput): TurnInput {
  return 'body' in input ? { ...input, body: readBytes(input.body) } : input;
}

export function writeEffect(effect: Effect): WireEffect {
  switch (effect.kind) {
    case 'command': {
      const { device, name, paramsJson, options } = effect.draft;
      const { ttlMs, timeoutMs, ack, key, lane, notBefore, priority } = options;
      return {
        ...{ kind: 'command', device, name, paramsJson },
        options: { ttlMs, timeoutMs, ack, key, lane, notBefore, priority },
      };
    }
    case 'message':
      return { ...effect, body: writeBytes(effect.body) };
    case 'outbox': {
      const { name, key, data } = effect;
      return { kind: 'outbox', name, key, json: JSON.stringify(data) };
    }
    case 'job':
      return { kind: 'job', id: effect.id, json: JSON.stringify(effect.draft) };
    default:
      return effect;
  }
}

/**
 * What a worker asked for. Commands and messages reach others, so they are checked anew; the rest is the plugin's own.
 * @throws HubError `invalid_device_id`, `invalid_payload`
 */
export function readEffect(effect: WireEffect): Effect {
  switch (effect.kind) {
    case 'command': {
      const { device, name, paramsJson, options } = effect;
      return { kind: 'command', draft: draftCommand(device, name, JSON.parse(paramsJson), written(options)) };
    }
    case 'message': {
      const { channel, body, contentType } = effect;
      return messageEffect(channel, readBytes(body), contentType === null ? {} : { contentType });
    }
    case 'outbox': {
      const { name, key, json } = effect;
      return { kind: 'outbox', name, key, data: JSON.parse(json) };
    }
    case 'job':
      return { kind: 'job', id: effect.id, draft: checkJobDraft(JSON.parse(effect.json)) };
    default:
      return effect;
  }
}

export function writeFault(error: unknown): WireFault {
  const message = messageOf(error).slice(0, MAX_MESSAGE_LENGTH);
  const stack = error instanceof Error ? String(error.stack).slice(0, MAX_STACK_LENGTH) : message;
  if (error instanceof PayloadFault) return { type: 'payload', message };
  if (error instanceof HubError) return { type: 'hub', message, code: error.code };
  if (error instanceof EngineError) return { type: 'engine', message, code: error.code };
  return { type: 'error', message, stack };
}

export function readFault({ type, message, code = '', stack }: WireFault): Error {
  if (type === 'payload') return new PayloadFault(message);
  if (type === 'engine') return new EngineError(code as EngineErrorCode, message);
  if (type === 'hub' && Object.hasOwn(errorCatalogue, code)) return new HubError(code as ErrorCode, message);
  const error = new Error(message);
  if (stack !== undefined) error.stack = stack;
  return error;
}

/** Facts of a line of the log, as far as they can be written down. */
export function writeFacts(facts: object): object {
  try {
    const json = JSON.stringify(facts, (_, value) => (value instanceof Error ? writeFault(value) : value));
    return json.length > MAX_FACTS_LENGTH ? { cut: json.slice(0, MAX_FACTS_LENGTH) } : JSON.parse(json);
  } catch (error) {
    return { unreadable: messageOf(error) };
  }
}

/** Logic servers without their classes. */
export function writeServers(servers: readonly ServerDeclaration[]): readonly WireServer[] {
  return servers.map(({ options: { name, version, grants, run }, declarations }) => ({
    options: plain({ name, version, grants, run }),
    declarations: declarations
      .map((declaration) => ({ ...declaration, method: String(declaration.method) }))
      .map(plain),
  }));
}

/** What JSON says of something that may hold classes and functions. */
export function plain<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}

/** Without what was not said. */
function written(options: object): object {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}

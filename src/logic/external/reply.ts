import { Buffer } from 'node:buffer';
import { HubError } from '../../channels/hub-error.js';
import type { JobDevices } from '../../plugin/turn.js';
import { invalid } from '../running/effects.js';
import type { OpenTurn } from '../running/open-turn.js';
import { ReplyFaults } from './reply-faults.js';

/** What a logic server says that a turn came to: that it failed, that there was nothing to do, or what is to be done. */
export type Reply =
  | { readonly is: 'rejected'; readonly reason: string }
  | { readonly is: 'skipped'; readonly reason: string }
  | { readonly is: 'asking'; readonly lists: Readonly<Record<ListName, readonly unknown[]>> };

type ListName = keyof typeof KINDS;
type Item = Readonly<Record<string, unknown>>;

/** One thing that is asked for, in a list of a reply. */
interface Kind {
  readonly required: readonly string[];
  readonly optional: readonly string[];
  /** @throws HubError as the method of the turn */
  ask(turn: OpenTurn, item: Item): void;
}

/** Characters of a reason that are kept. */
const MAX_REASON_LENGTH = 2_000;
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

const KINDS = {
  commands: {
    required: ['device', 'name'],
    optional: ['params', 'ttl', 'timeout', 'ack', 'key', 'lane', 'priority'],
    ask: (turn, { device, name, params, ...options }) =>
      turn.command(textOf('device', device), name as string, params, options),
  },
  jobs: {
    required: [],
    optional: [
      'cancel',
      'devices',
      'name',
      'params',
      'rate',
      'canary',
      'stopOnFailure',
      'ttl',
      'timeout',
      'ack',
      'key',
      'lane',
      'priority',
    ],
    ask: (turn, { cancel, devices, name, params, ...options }) => {
      if (cancel !== undefined && devices === undefined) return turn.cancelJob(cancel as string);
      if (cancel !== undefined || devices === undefined) throw invalid('It must have "devices", or "cancel": an id.');
      turn.startJob(devices as JobDevices, name as string, params, options);
    },
  },
  messages: {
    required: ['channel'],
    optional: ['body', 'base64', 'contentType'],
    ask: (turn, item) => turn.publish(item.channel as string, bodyOf(item), optionsOf(item)),
  },
  state: {
    required: ['name'],
    optional: ['key', 'value', 'delete'],
    ask: (turn, item) => {
      const values = item.key === undefined ? turn.state.global : turn.state.for(item.key as string);
      const { isDeleted } = either(item, 'value', 'delete');
      if (isDeleted) values.delete(item.name as string);
      else values.set(item.name as string, item.value);
    },
  },
  timers: {
    required: ['name'],
    optional: ['after', 'cancel', 'key', 'every', 'missed', 'data'],
    ask: (turn, item) => {
      const { name, key } = item as { name: string; key?: string };
      const { isDeleted: isCancelled } = either(item, 'after', 'cancel');
      if (isCancelled) return turn.timers.cancel(name, key);
      const { after, every, missed, data } = item;
      turn.timers.set(name, after as string, key, { every, missed, data } as Parameters<OpenTurn['timers']['set']>[3]);
    },
  },
  outbox: {
    required: ['name'],
    optional: ['data', 'key'],
    ask: (turn, { name, data, key }) => turn.outbox.put(name as string, data, key as string | undefined),
  },
} satisfies Record<string, Kind>;

const LISTS = Object.keys(KINDS) as readonly ListName[];

/** @param written whatever the JSON said. @throws HubError `invalid_payload` with everything that is wrong with its form */
export function readReply(written: unknown): Reply {
  const faults = new ReplyFaults();
  if (!isItem(written)) throw invalid('An answer to a turn is a JSON object; {} says that it is done.');
  const { reject, skip, ...others } = written;
  for (const name of Object.keys(others)) {
    if (!LISTS.includes(name as ListName)) faults.add(unknownMember(name, ['reject', 'skip', ...LISTS]));
    else if (!Array.isArray(others[name])) faults.add(`"${name}" must be a list.`);
  }
  for (const [name, reason] of Object.entries({ reject, skip })) {
    if (reason === undefined) continue;
    if (typeof reason !== 'string') faults.add(`"${name}" must be a text: the reason.`);
    if (Object.keys(written).length > 1) faults.add(`"${name}" must stand alone: nothing else is done then.`);
  }
  faults.throwIfAny();
  if (typeof reject === 'string') return { is: 'rejected', reason: reject.slice(0, MAX_REASON_LENGTH) };
  if (typeof skip === 'string') return { is: 'skipped', reason: skip };
  const listOf = (name: ListName) => [name, (others[name] as unknown[] | undefined) ?? []] as const;
  return { is: 'asking', lists: Object.fromEntries(LISTS.map(listOf)) as Record<ListName, unknown[]> };
}

/**
 * Asks a turn for all that stands in the lists, or for nothing.
 * @param most things that a turn may ask for
 * @throws HubError `invalid_payload`, `not_granted`, `rate_exceeded`, `loop_broken`, `turn_limit`, with everything that is
 * wrong
 */
export function askTurn(turn: OpenTurn, { lists }: Extract<Reply, { is: 'asking' }>, most: number): void {
  const asked = LISTS.reduce((sum, name) => sum + lists[name].length, 0);
  if (asked > most) throw new HubError('turn_limit', `It asks for ${asked} things; ${most} are allowed in one turn.`);
  const faults = new ReplyFaults();
  for (const name of LISTS) {
    for (const [i, item] of lists[name].entries()) {
      faults.during(`${name}[${i}]`, () => askOne(turn, KINDS[name], item));
    }
  }
  if (faults.isEmpty) return;
  turn.startOver();
  faults.throwIfAny();
}

function askOne(turn: OpenTurn, { required, optional, ask }: Kind, item: unknown): void {
  const allowed = [...required, ...optional];
  if (!isItem(item)) throw invalid(`It must be an object with ${allowed.join(', ')}.`);
  for (const name of Object.keys(item)) if (!allowed.includes(name)) throw invalid(unknownMember(name, allowed));
  for (const name of required) if (item[name] === undefined) throw invalid(`"${name}" is missing.`);
  ask(turn, item);
}

/** One of two members, of which the second one is `true`. */
function either(item: Item, value: string, flag: string): { readonly isDeleted: boolean } {
  if (item[flag] === undefined && item[value] !== undefined) return { isDeleted: false };
  if (item[flag] === true && item[value] === undefined) return { isDeleted: true };
  throw invalid(`It must have "${value}", or "${flag}": true.`);
}

function bodyOf({ body, base64 }: Item): unknown {
  if ((body === undefined) === (base64 === undefined)) throw invalid('It must have "body" or "base64".');
  if (base64 === undefined) return body;
  if (typeof base64 === 'string' && BASE64.test(base64)) return Buffer.from(base64, 'base64');
  throw invalid('"base64" must be bytes in base64.');
}

function optionsOf({ contentType }: Item): { readonly contentType?: string } {
  return contentType === undefined ? {} : { contentType: contentType as string };
}

function textOf(name: string, value: unknown): string {
  if (typeof value === 'string') return value;
  throw invalid(`"${name}" must be a text.`);
}

function unknownMember(name: string, allowed: readonly string[]): string {
  return `"${name.slice(0, 80)}" is not known here; allowed are ${allowed.join(', ')}.`;
}

function isItem(value: unknown): value is Item {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

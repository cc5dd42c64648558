import { createHash } from 'node:crypto';
import { HubError } from '../channels/hub-error.js';
import { andThen } from '../channels/maybe-promise.js';
import type { Engine } from '../engine/engine.js';
import type { MaybePromise } from '../engine/message-log.js';
import type { DraftCommand } from './draft-command.js';
import { keyChanges, madeBefore } from './idempotency.js';
import { type Command, type CommandState, isWaiting } from './life/command.js';
import { MAIN } from './queue/lanes.js';
import type { QueueChange } from './queue/queue-change.js';
import { sizeOf } from './queue/queue-state.js';
import { KEYS, recordKey } from './store/tables.js';

export interface AddParts {
  readonly change: QueueChange;
  readonly engine: Engine;
  readonly nextId: (nowMs: number, device: string) => string;
  readonly idempotencyKey: string | undefined;
}

export interface Added {
  readonly id: string;
  /** true: the command was there before */
  readonly isRepeated: boolean;
}

/**
 * Adds a command to its device's queue: a newer one takes the place of those with its supersede key that still wait, and
 * a full queue refuses it or drops its oldest.
 * @throws HubError `queue_full`, `idempotency_key_reused`
 */
export function addCommand(draft: DraftCommand, parts: AddParts): MaybePromise<Added> {
  const { change, engine, idempotencyKey } = parts;
  if (idempotencyKey === undefined) return { id: add(draft, parts), isRepeated: false };
  return andThen(engine.table(KEYS).get(recordKey(change.device, idempotencyKey)), (record) => {
    const digest = digestOf(draft);
    const made = madeBefore(record, digest, change.now);
    if (made !== undefined) return { id: made, isRepeated: true };
    const id = add(draft, parts);
    const used = { id, digest, expiresAt: change.now + change.rules.idempotencyMs };
    change.records.push(...keyChanges(KEYS, recordKey(change.device, idempotencyKey), used, record));
    return { id, isRepeated: false };
  });
}

function add(draft: DraftCommand, { change, nextId }: AddParts): string {
  const { key } = draft.options;
  if (key !== undefined) {
    for (const command of change.live()) {
      if (command.key === key) change.tell(command.id, { is: 'cancel', cause: 'superseded' });
    }
  }
  makeRoom(draft, change);
  const seq = change.head.seq + 1;
  change.head = { ...change.head, seq };
  const command = newCommand(draft, seq, nextId(change.now, change.device), change);
  change.add(command);
  return command.id;
}

function newCommand(draft: DraftCommand, seq: number, id: string, change: QueueChange): Command {
  const { device, name, paramsJson, options, message, job, origin } = draft;
  const { now, rules } = change;
  const { ttlMs = rules.ttlMs, timeoutMs = rules.timeoutMs, notBefore = now, key } = options;
  const { ack = 'delivered', lane = MAIN, priority = 0 } = options;
  const state: CommandState = notBefore > now ? { is: 'SCHEDULED', notBefore } : { is: 'QUEUED', readyAt: now };
  const history = [{ at: now, to: state.is, cause: 'sent', attempt: 0 }];
  const expiresAt = Math.max(notBefore, now) + ttlMs;
  // One literal without spreads: every command has the same fields in the same order, and copies of it are cheap.
  return {
    id,
    seq,
    device,
    name,
    paramsJson,
    message,
    job,
    origin,
    ack,
    lane,
    priority,
    key,
    ttlMs,
    timeoutMs,
    createdAt: now,
    expiresAt,
    attempt: 0,
    locks: [],
    state,
    history,
    forgotten: 0,
  };
}

/**
 * Sees that one more command fits into the queue, and drops older ones for it where the rules say so.
 * @throws HubError `queue_full`
 */
export function makeRoom(draft: Pick<Command, 'device' | 'name' | 'paramsJson'>, change: QueueChange): void {
  const { maxQueued, maxQueuedBytes, whenFull } = change.rules;
  const size = sizeOf(draft);
  const isFull = () => change.load.count + 1 > maxQueued || change.load.bytes + size > maxQueuedBytes;
  if (isFull() && whenFull === 'drop-oldest' && size <= maxQueuedBytes) {
    for (const command of [...change.live()].sort((a, b) => a.seq - b.seq)) {
      if (!isFull()) break;
      if (!isWaiting(command.state)) continue;
      change.tell(command.id, { is: 'cancel', cause: 'dropped' });
      change.head = { ...change.head, dropped: change.head.dropped + 1 };
    }
  }
  if (isFull()) throw queueFull(draft, change);
}

function queueFull({ device, name }: Pick<Command, 'device' | 'name'>, { rules, load }: QueueChange): HubError {
  const { count, bytes } = load;
  return new HubError(
    'queue_full',
    `Device "${device}" has ${count} commands of ${bytes} bytes that have not ended; command "${name}" was not taken. ` +
      `${rules.maxQueued} commands (devices.command_buffer_length) of ${rules.maxQueuedBytes} bytes ` +
      '(devices.command_buffer_size) are allowed. Send fewer, give them a shorter ttl or a key that supersedes, or raise ' +
      'the limit.',
  );
}

/** Of all that makes a command what it is. */
function digestOf({ device, name, paramsJson, options }: DraftCommand): string {
  const { ttlMs, timeoutMs, ack, key, lane, notBefore, priority } = options;
  const parts = [device, name, paramsJson, ttlMs, timeoutMs, ack, key, lane, notBefore, priority];
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url');
}

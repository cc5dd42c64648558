import { referTo } from '../engine/change-rules.js';
import type { Commit, Engine, MessageChange, RecordChange } from '../engine/engine.js';
import type { Durability, MaybePromise, NewMessage, StoredMessage } from '../engine/message-log.js';
import type { Channel, Publication } from './channel.js';
import { andThen, isPromise } from './maybe-promise.js';

/** A message that is committed together with another one, or not at all. */
export interface Companion {
  /** a log's name; no channel is opened for it */
  readonly channel: string;
  /** refers to the message that it goes with */
  readonly message: NewMessage;
  /** Both are committed, or as safe as the message's durability asks for. */
  committed(message: StoredMessage, companion: StoredMessage): void;
  /** Neither is. */
  failed(): void;
}

/** Takes part in what is published: gives messages of its own to the same commits. */
export interface Tap {
  /** @param channelId of a channel without a group. The answer holds until `Channels.tap` is called again. */
  wants(channelId: string): boolean;
  /** @param cause of `message`, as JSON. @returns undefined: this one goes alone */
  companionOf(channelId: string, message: NewMessage, cause: string | undefined): Companion | undefined;
}

/** How messages of tapped channels are published: together with what the tap gives. */
export class TapPoint {
  constructor(
    readonly tap: Tap,
    private readonly engine: Engine,
  ) {}

  /** @throws EngineError `log_full`, `engine_unavailable`; rejects with the same when the engine answers later */
  publish(channel: Channel, message: NewMessage): MaybePromise<Publication> | undefined {
    const companion = this.tap.companionOf(channel.key, message, message.cause);
    if (!companion) return undefined;
    const isSafe = message.durability === undefined || message.durability === 'disk';
    try {
      const stored = isSafe ? this.commit(channel, message, companion) : this.append(channel, message, companion);
      if (!isPromise(stored)) return tell(channel, companion, stored);
      channel.beginPublishing();
      // In one step: what is appended behind it must not be sent out before it.
      return stored.then(
        (both) => {
          channel.endPublishing();
          return tell(channel, companion, both);
        },
        (error: unknown) => {
          channel.endPublishing();
          return fail(companion, error);
        },
      );
    } catch (error) {
      return fail(companion, error);
    }
  }

  private commit({ key }: Channel, message: NewMessage, companion: Companion): MaybePromise<Both> {
    const messages = [{ channel: key, message }, changeOf(companion, 0)];
    const committed = this.engine.commit({ records: NO_RECORDS, messages });
    return isPromise(committed) ? committed.then(bothOf) : bothOf(committed);
  }

  /** A message that need not be safe when it is told is not waited for, nor is its companion safer than it is. */
  private append({ log }: Channel, message: NewMessage, companion: Companion): MaybePromise<Both> {
    return andThen(log.append(message), (own) => {
      referTo(companion.message, own.position);
      const other = asSafeAs(message.durability as Durability, companion.message);
      return andThen(this.engine.messages.open(companion.channel).append(other), (stored): Both => [own, stored]);
    });
  }
}

const NO_RECORDS: readonly RecordChange[] = [];

/** A message and its companion. */
type Both = readonly [StoredMessage, StoredMessage];

function bothOf({ messages }: Commit): Both {
  return messages as readonly StoredMessage[] as Both;
}

function asSafeAs(
  durability: Durability,
  { body, text, contentType, expiresAt, store, keepAtMost, keepAtLeast }: NewMessage,
): NewMessage {
  return { body, text, contentType, expiresAt, store, durability, keepAtMost, keepAtLeast };
}

function tell(channel: Channel, companion: Companion, both: Both): Publication {
  companion.committed(both[0], both[1]);
  return channel.sendOut(both[0]);
}

function fail(companion: Companion, error: unknown): never {
  companion.failed();
  throw error;
}

/** @param refersTo index of the message that it goes with */
export function changeOf({ channel, message }: Companion, refersTo: number): MessageChange {
  return { channel, message, refersTo };
}

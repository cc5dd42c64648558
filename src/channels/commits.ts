import type { ChangeSet, Commit, Engine, MessageChange } from '../engine/engine.js';
import type { MaybePromise, StoredMessage } from '../engine/message-log.js';
import type { Channel } from './channel.js';
import type { Channels } from './channels.js';
import { isPromise } from './maybe-promise.js';
import { type Companion, changeOf } from './tap.js';

/** A companion, and the index of the message that it goes with. */
type Companions = readonly (readonly [Companion, number])[];

/** Makes changes to records and messages together, and sends the messages out on their channels. */
export class Commits {
  constructor(
    readonly engine: Engine,
    private readonly channels: Channels,
  ) {}

  /**
   * All changes or none; messages go out once they are committed.
   * @throws HubError `channel_limit`; EngineError `revision_conflict`, `log_full`, `engine_unavailable`
   */
  commit(changes: ChangeSet): MaybePromise<Commit> {
    const { records, messages } = changes;
    if (!messages || messages.length === 0) return this.engine.commit(changes);
    const channels = this.channelsOf(messages);
    const companions = this.companionsOf(channels, messages);
    try {
      const committed = this.engine.commit({ records, messages: withCompanions(messages, companions) });
      if (!isPromise(committed)) return sendOut(channels, companions, committed);
      for (const channel of channels) channel.beginPublishing();
      const end = () => {
        for (const channel of channels) channel.endPublishing();
      };
      // In one step: what is appended behind it must not be sent out before it.
      return committed.then(
        (commit) => {
          end();
          return sendOut(channels, companions, commit);
        },
        (error: unknown) => {
          end();
          return fail(companions, error);
        },
      );
    } catch (error) {
      return fail(companions, error);
    }
  }

  private channelsOf(messages: readonly MessageChange[]): readonly Channel[] {
    const channels = new Array<Channel>(messages.length);
    for (let i = 0; i < messages.length; i++) {
      const { channel } = messages[i] as MessageChange;
      // Several for one channel in a row are common: what becomes of a command, for instance.
      const isSame = i > 0 && channel === (messages[i - 1] as MessageChange).channel;
      channels[i] = isSame ? (channels[i - 1] as Channel) : this.channels.open(channel);
    }
    return channels;
  }

  private companionsOf(channels: readonly Channel[], messages: readonly MessageChange[]): Companions {
    let companions: [Companion, number][] | undefined;
    for (let index = 0; index < channels.length; index++) {
      const channel = channels[index] as Channel;
      const point = this.channels.tapOn(channel);
      if (!point) continue;
      const { message, cause } = messages[index] as MessageChange;
      const companion = point.tap.companionOf(channel.key, message, cause ?? message.cause);
      if (!companion) continue;
      companions ??= [];
      companions.push([companion, index]);
    }
    return companions ?? NONE;
  }
}

const NONE: Companions = [];

function withCompanions(messages: readonly MessageChange[], companions: Companions): readonly MessageChange[] {
  if (companions.length === 0) return messages;
  return [...messages, ...companions.map(([companion, index]) => changeOf(companion, index))];
}

/** @returns the commit with the messages that were asked for, without their companions */
function sendOut(channels: readonly Channel[], companions: Companions, commit: Commit): Commit {
  const { revision, messages } = commit;
  for (let i = 0; i < companions.length; i++) {
    const [companion, index] = companions[i] as Companions[number];
    companion.committed(messages[index] as StoredMessage, messages[channels.length + i] as StoredMessage);
  }
  for (let i = 0; i < channels.length; i++) (channels[i] as Channel).sendOut(messages[i] as StoredMessage);
  return companions.length === 0 ? commit : { revision, messages: messages.slice(0, channels.length) };
}

function fail(companions: Companions, error: unknown): never {
  for (const [companion] of companions) companion.failed();
  throw error;
}

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
    const { records, messages = [] } = changes;
    const channels = messages.map(({ channel }) => this.channels.open(channel));
    const companions = this.companionsOf(channels, messages);
    const all = [...messages, ...companions.map(([companion, index]) => changeOf(companion, index))];
    try {
      const committed = this.engine.commit({ records, messages: all });
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

  private companionsOf(channels: readonly Channel[], messages: readonly MessageChange[]): Companions {
    return channels.flatMap((channel, index) => {
      const { message, cause } = messages[index] as MessageChange;
      const companion = this.channels.tapOn(channel)?.tap.companionOf(channel.key, message, cause);
      return companion ? [[companion, index] as const] : [];
    });
  }
}

/** @returns the commit with the messages that were asked for, without their companions */
function sendOut(channels: readonly Channel[], companions: Companions, { revision, messages }: Commit): Commit {
  companions.forEach(([companion, index], i) => {
    companion.committed(messages[index] as StoredMessage, messages[channels.length + i] as StoredMessage);
  });
  channels.forEach((channel, i) => {
    channel.sendOut(messages[i] as StoredMessage);
  });
  return { revision, messages: messages.slice(0, channels.length) };
}

function fail(companions: Companions, error: unknown): never {
  for (const [companion] of companions) companion.failed();
  throw error;
}

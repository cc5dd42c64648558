import type { ChangeSet, Commit, Engine } from '../engine/engine.js';
import type { MaybePromise, StoredMessage } from '../engine/message-log.js';
import type { Channel } from './channel.js';
import type { Channels } from './channels.js';
import { isPromise } from './maybe-promise.js';

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
    const channels = (changes.messages ?? []).map(({ channel }) => this.channels.open(channel));
    const committed = this.engine.commit(changes);
    if (!isPromise(committed)) return sendOut(channels, committed);
    for (const channel of channels) channel.beginPublishing();
    const end = () => {
      for (const channel of channels) channel.endPublishing();
    };
    // In one step: what is appended behind it must not be sent out before it.
    return committed.then(
      (commit) => {
        end();
        return sendOut(channels, commit);
      },
      (error: unknown) => {
        end();
        throw error;
      },
    );
  }
}

function sendOut(channels: readonly Channel[], commit: Commit): Commit {
  channels.forEach((channel, i) => {
    channel.sendOut(commit.messages[i] as StoredMessage);
  });
  return commit;
}

import type { Publication } from '../channels/channel.js';
import type { Channels } from '../channels/channels.js';
import { isPromise } from '../channels/maybe-promise.js';
import { commandChannel } from '../devices/device-id.js';
import type { MaybePromise } from '../engine/message-log.js';
import { commandIds } from './command-ids.js';
import { type DraftCommand, draftCommand } from './draft-command.js';

/** What a device is told to do: the JSON that its poll answers. */
export interface Command {
  /** a ULID: unique, and later ones sort behind earlier ones */
  readonly id: string;
  readonly name: string;
  readonly params: unknown;
}

export interface SentCommand extends Publication {
  readonly command: Command;
}

export interface CommandOptions {
  /** commands that wait for one device; one more drops the oldest */
  readonly commandBufferLength: number;
  /** 0: commands do not expire */
  readonly commandTimeoutMs: number;
}

/** Sends commands to devices: each is a message on its device's command channel. */
export class Commands {
  private readonly nextId = commandIds();

  constructor(
    private readonly channels: Channels,
    private readonly options: CommandOptions,
  ) {}

  /**
   * @param params anything that JSON can say; undefined is sent as `{}`
   * @throws HubError `invalid_device_id`, `invalid_payload`, `channel_limit`; EngineError `log_full`
   */
  send(device: string, name: string, params: unknown): MaybePromise<SentCommand> {
    return this.sendDraft(draftCommand(device, name, params));
  }

  /** @throws HubError `channel_limit`; EngineError `log_full` */
  sendDraft({ device, name, params, paramsJson }: DraftCommand): MaybePromise<SentCommand> {
    const { clock } = this.channels;
    const { commandBufferLength, commandTimeoutMs } = this.options;
    const now = clock.now();
    const command: Command = { id: this.nextId(now), name, params };
    const published = this.channels.open(commandChannel(device)).publish({
      body: Buffer.from(`{"id":"${command.id}","name":${JSON.stringify(name)},"params":${paramsJson}}`),
      contentType: 'application/json',
      expiresAt: commandTimeoutMs === 0 ? Number.POSITIVE_INFINITY : now + commandTimeoutMs,
      store: true,
      keepAtMost: commandBufferLength,
      keepAtLeast: 0,
    });
    return isPromise(published) ? published.then((p) => sent(p, command)) : sent(published, command);
  }
}

function sent({ message, delivered }: Publication, command: Command): SentCommand {
  return { message, delivered, command };
}

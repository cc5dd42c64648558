import { monotonicFactory } from 'ulid';
import type { Publication } from '../channels/channel.js';
import type { Channels } from '../channels/channels.js';
import { isPromise } from '../channels/maybe-promise.js';
import { checkDeviceId, commandChannel } from '../devices/device-id.js';
import type { MaybePromise } from '../engine/message-log.js';

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
  private readonly nextId = monotonicFactory();

  constructor(
    private readonly channels: Channels,
    private readonly options: CommandOptions,
  ) {}

  /**
   * @param params anything that JSON can say
   * @throws HubError `invalid_device_id`, `channel_limit`; EngineError `log_full`
   */
  send(device: string, name: string, params: unknown): MaybePromise<SentCommand> {
    const { clock } = this.channels;
    const { commandBufferLength, commandTimeoutMs } = this.options;
    const command: Command = { id: this.nextId(clock.now()), name, params };
    const published = this.channels.open(commandChannel(checkDeviceId(device))).publish({
      body: Buffer.from(JSON.stringify(command)),
      contentType: 'application/json',
      expiresAt: commandTimeoutMs === 0 ? Number.POSITIVE_INFINITY : clock.now() + commandTimeoutMs,
      store: true,
      keepAtMost: commandBufferLength,
      keepAtLeast: 0,
    });
    return isPromise(published) ? published.then((p) => ({ ...p, command })) : { ...published, command };
  }
}

import { type ChannelName, channelKey } from '../channels/channel-key.js';
import { HubError } from '../channels/hub-error.js';
import { tellHistory } from '../commands/told-history.js';
import { formatDuration } from '../config/units/duration.js';
import type { StoredMessage } from '../engine/message-log.js';
import { formatPosition, type Position } from '../engine/position.js';
import { causeOf } from '../logic/cause.js';
import { tellCause, tellSender } from '../logic/explaining/told-cause.js';
import { type ChainParts, tellBefore, tellBeforeMessage } from '../logic/explaining/told-chain.js';
import { tellPublisher } from '../logic/explaining/told-publisher.js';
import type { AdminParts } from './admin-parts.js';
import { instantText } from './channel-state.js';
import { KnownChannels } from './known-channels.js';
import type { CausedStory, Story } from './story.dto.js';

/** Why something was sent or published, or was not. */
export class KnownReasons implements ChainParts {
  constructor(private readonly parts: Pick<AdminParts, 'channels' | 'commands' | 'fleet' | 'plugins'>) {}

  /** @throws HubError `command_not_found` */
  async whyCommand(id: string): Promise<CausedStory> {
    const { commands, fleet } = this.parts;
    const device = await commands.locate(id, fleet.ids());
    if (device === undefined) {
      const sentence = `No device has a command "${id.slice(0, 40)}": it was never sent, or its record is gone (devices.command_retention).`;
      throw new HubError('command_not_found', sentence);
    }
    const command = await commands.find(device, id);
    const { seq, name, state, createdAt, origin } = command;
    const cause = { at: new Date(createdAt).toISOString(), sentence: tellSender(command) };
    return {
      now: `Command ${seq} of device "${device}" ("${name}", ${id}) is ${state.is}. ${cause.sentence}`,
      because: await tellBefore(causeOf(origin), this),
      steps: [cause, ...tellHistory(command)],
    };
  }

  /**
   * @param position undefined: of the channel's last message
   * @throws HubError `channel_not_found`, `message_not_found`
   */
  async whyMessage(channel: ChannelName, position: Position | undefined): Promise<CausedStory> {
    const { log } = new KnownChannels(this.parts.channels).find(channel);
    const asked = position ?? log.last;
    const message = await this.message(channel, asked);
    if (!message) {
      const sentence = `The channel "${channel.id.slice(0, 200)}" keeps no message at ${formatPosition(asked)}.`;
      throw new HubError('message_not_found', sentence);
    }
    const at = instantText(message.publishedAt) as string;
    const sentence = tellPublisher(channel, message.cause);
    return {
      now: `Message ${formatPosition(asked)} of channel "${channel.id}" is of ${at} and has ${message.body.length} bytes. ${sentence}`,
      because: await tellBeforeMessage({ channel, message }, this),
      steps: [{ at, sentence }],
    };
  }

  /** @throws HubError `plugin_not_found`, `timer_not_found` */
  async whyTimer(plugin: string, name: string, key: string): Promise<CausedStory> {
    const { dueAt, everyMs, cause } = await this.parts.plugins.timer(plugin, name, key);
    const again = everyMs === undefined ? '' : `, and then every ${formatDuration(everyMs)}`;
    return {
      now: `Timer "${name}" of "${plugin}" for "${key}" comes at ${instantText(dueAt)}${again}. ${tellCause(cause)}`,
      because: await tellBefore(cause, this),
      steps: [],
    };
  }

  /** @throws HubError `plugin_not_found`, `bad_request` for what names no event */
  async whyNot(plugin: string, event: string): Promise<Story> {
    const { now, steps } = await this.parts.plugins.whyNot(plugin, event);
    return { now, steps: [...steps] };
  }

  async message({ group, id }: ChannelName, position: Position): Promise<StoredMessage | undefined> {
    const found = await this.parts.channels.glance(channelKey(group, id), (log) => log.read(position - 1, 1));
    return found?.find((message) => message.position === position);
  }

  async command(device: string, id: string) {
    try {
      return await this.parts.commands.find(device, id);
    } catch (error) {
      if (error instanceof HubError && error.code === 'command_not_found') return undefined;
      throw error;
    }
  }
}

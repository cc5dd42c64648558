import type { Channel } from '../channels/channel.js';
import { type ChannelName, channelKey } from '../channels/channel-key.js';
import type { Channels } from '../channels/channels.js';
import { HubError } from '../channels/hub-error.js';

/** The channels that exist; asking for another one makes none. */
export class KnownChannels {
  constructor(readonly channels: Channels) {}

  /** @throws HubError `channel_not_found` */
  find({ group, id }: ChannelName): Channel {
    const channel = this.channels.find(channelKey(group, id));
    if (channel) return channel;
    const place = group === '' ? '' : ` in the group "${group}"`;
    throw new HubError('channel_not_found', `There is no channel "${id.slice(0, 200)}"${place}.`);
  }
}

export { type ChannelName, channelKey, channelNameOf, HUB_GROUP_MARK } from '../engine/channel-key.js';

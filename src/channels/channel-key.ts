export { type ChannelName, channelKey, channelNameOf } from '../engine/channel-key.js';

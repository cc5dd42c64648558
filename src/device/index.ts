/** What a device written for Node needs: `signalbox/device`. It imports nothing of the hub. @see docs/devices.md */
export { type CommandHandler, type ReceivedCommand, RefusedCommand } from './command.js';
export { DeviceClient, type DeviceClientOptions } from './device-client.js';
export { HubRefusal } from './hub-requests.js';

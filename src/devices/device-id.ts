import { HubError } from '../channels/hub-error.js';

const DEVICE_ID = /^[A-Za-z0-9._:-]{1,128}$/;
const EVENT_TYPE = /^[A-Za-z0-9._:-]{1,64}$/;

/** @throws HubError `invalid_device_id` */
export function checkDeviceId(id: string): string {
  if (DEVICE_ID.test(id)) return id;
  throw new HubError(
    'invalid_device_id',
    `"${id.slice(0, 140)}" is not a device id: it must be 1 to 128 of the characters A-Z a-z 0-9 . _ : -`,
  );
}

/** @throws HubError `invalid_event_type` */
export function checkEventType(type: string): string {
  if (EVENT_TYPE.test(type)) return type;
  throw new HubError(
    'invalid_event_type',
    `"${type.slice(0, 80)}" is not an event type: it must be 1 to 64 of the characters A-Z a-z 0-9 . _ : -`,
  );
}

/** The channel that events of one type from one device are messages of. */
export function eventChannel(device: string, type: string): string {
  return `devices/${device}/events/${type}`;
}

/** The channel that a device long-polls for its commands. */
export function commandChannel(device: string): string {
  return `devices/${device}/commands`;
}

const COMMAND_CHANNEL = /^devices\/([A-Za-z0-9._:-]{1,128})\/commands$/;

/** The device whose command channel this is; undefined for every other channel. */
export function deviceOfChannel(channelId: string): string | undefined {
  return channelId.startsWith('devices/') ? COMMAND_CHANNEL.exec(channelId)?.[1] : undefined;
}

const EVENT_CHANNEL = /^devices\/[A-Za-z0-9._:-]{1,128}\/events\/\$?[A-Za-z0-9._:-]{1,64}$/;
const DEVICES = 'devices/';
const EVENTS = '/events/';

export interface EventSource {
  readonly device: string;
  readonly type: string;
}

let lastChannel = '';
let lastSource: EventSource | undefined;

/**
 * The device and the type of which `channel` has the events; undefined when it is no such channel. On its way an event is
 * asked for it several times in a row, of which all but the first cost nothing.
 * @returns a type that begins with `$` for the hub's own events about a device
 */
export function eventSourceOf(channel: string): EventSource | undefined {
  if (channel !== lastChannel) {
    lastSource = EVENT_CHANNEL.test(channel) ? partsOf(channel) : undefined;
    lastChannel = channel;
  }
  return lastSource;
}

/** @param channel one that has events: its third segment is `events` */
function partsOf(channel: string): EventSource {
  const end = channel.indexOf('/', DEVICES.length);
  return { device: channel.slice(DEVICES.length, end), type: channel.slice(end + EVENTS.length) };
}

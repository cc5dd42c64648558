import type { Channel } from '../channels/channel.js';
import { channelKey } from '../channels/channel-key.js';
import { deviceOfChannel } from '../devices/device-id.js';
import type { Location, LocationTable, RequestFacts } from '../locations/location.js';
import { DEVICE_PREFIX, type DeviceRoute, deviceRoute } from './device-route.js';
import { isJobPath, type JobRoute, jobRoute } from './job-route.js';

/** What a request target leads to. */
export type Route = LocationRoute | DeviceRoute | JobRoute;

/** A channel as a location shows it. */
export interface ChannelRoute {
  readonly location: Location;
  readonly channelId: string;
  /** of the channel: group and id in one */
  readonly key: string;
  /** the channel as it was found last: a connection that asks for it again need not look it up (`Channels.open`) */
  channel: Channel | undefined;
}

export interface LocationRoute extends ChannelRoute {
  readonly kind: 'location';
  readonly followsUrl: boolean;
  /** the device whose queue is served, or is on the channel; undefined for other channels */
  readonly device: string | undefined;
}

const ABSOLUTE_FORM = /^https?:\/\/[^/?#]*/i;

/**
 * Finds what serves a request target. Paths of our own API come first, then the configured locations.
 * @param target as on the request line, percent-encoding untouched
 */
export function findRoute(locations: LocationTable, target: string, facts: RequestFacts): Route | undefined {
  const path = pathOf(target);
  if (path.startsWith(DEVICE_PREFIX)) return deviceRoute(path);
  if (isJobPath(path)) return jobRoute(path);
  const match = locations.match(path);
  if (!match) return undefined;
  const { location } = match;
  const channelId = location.channelIdOf(facts, match.captures);
  const device = location.isQueue ? channelId : deviceSeenAt(location, channelId);
  const key = channelKey(location.settings.channelGroup, channelId);
  return {
    kind: 'location',
    location,
    channelId,
    followsUrl: location.channelFollowsUrl,
    key,
    channel: undefined,
    device,
  };
}

function deviceSeenAt({ settings }: Location, channelId: string): string | undefined {
  return settings.channelGroup === '' ? deviceOfChannel(channelId) : undefined;
}

/** True for paths that a controller of its own serves before the locations are asked; the fast lane leaves them to it. */
export function isControllerPath(target: string): boolean {
  return target.startsWith('/examples/');
}

/** The query of a target without its `?`; '' when there is none. */
export function queryOf(target: string): string {
  const start = target.indexOf('?');
  return start < 0 ? '' : target.slice(start + 1);
}

function pathOf(target: string): string {
  const origin = target.charCodeAt(0) === 47 ? target : target.replace(ABSOLUTE_FORM, '') || '/';
  const end = origin.indexOf('?');
  return end < 0 ? origin : origin.slice(0, end);
}

import { asciiJson } from './ascii-json.js';

/** Who published a message that no plugin did, where the channel alone does not tell it; kept as the message's cause. */
export type PublisherCause =
  /** an operator, by the admin API */
  | { readonly from: 'admin' }
  /** a request to a publisher location, by its title */
  | { readonly from: 'location'; readonly location: string };

/** A location's title may be a long regular expression. */
const MAX_TITLE_LENGTH = 200;

export const BY_HAND = asciiJson({ from: 'admin' } satisfies PublisherCause);

/**
 * The cause of what a publisher location brings.
 * @returns undefined for most channels, on which nobody else publishes without leaving a cause: their messages need none
 */
export function locationCause(title: string, channelId: string, group: string): string | undefined {
  if (group !== '' || !isHubsOwn(channelId)) return undefined;
  return asciiJson({ from: 'location', location: title.slice(0, MAX_TITLE_LENGTH) } satisfies PublisherCause);
}

/** True for ids on which the device API and the hub itself publish; those of channels without a group. */
function isHubsOwn(channelId: string): boolean {
  return channelId.startsWith('devices/') || channelId.startsWith('jobs/');
}

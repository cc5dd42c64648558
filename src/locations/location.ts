import type { ChannelPolicy } from '../channels/channel-policy.js';

/** What a location may do with a channel; the names are NHPM's directives without their prefix. */
export interface LocationSettings {
  readonly subscriberMode: 'long-poll' | 'interval-poll';
  readonly subscriberConcurrency: 'broadcast' | 'first' | 'last';
  readonly storeMessages: boolean;
  /** what is true of a stored message when its publisher is answered */
  readonly durability: ChannelPolicy['durability'];
  /** messages that stay when the hub is short of room or when received ones are dropped */
  readonly minMessageBufferLength: number;
  readonly maxMessageBufferLength: number;
  readonly deleteOldestReceivedMessage: boolean;
  readonly ignoreQueueOnNoCache: boolean;
  /** 0: messages do not expire */
  readonly messageTimeoutMs: number;
  /** 0: polls wait without end */
  readonly subscriberTimeoutMs: number;
  /** an idle channel without messages is kept this long */
  readonly channelTimeoutMs: number;
  /** subscribers get 403 for channels that do not exist */
  readonly authorizedChannelsOnly: boolean;
  /** '' for none */
  readonly channelGroup: string;
  /** a longer id is cut to this many characters, as NHPM does it */
  readonly maxChannelIdLength: number;
  /** 0: any number */
  readonly maxChannelSubscribers: number;
  /** Content-Type of an answer whose publisher sent none; '' for no such line */
  readonly defaultType: string;
  readonly gzip: boolean;
  readonly maxBodyBytes: number;
}

/** What of a request a channel template may use. */
export interface RequestFacts {
  /** the query string as sent, without `?`; '' when there is none */
  readonly query: string;
  /** @param name in lower case */
  header(name: string): string | undefined;
  readonly remoteAddress: string;
}

/** A configured URL space that publishes to channels, subscribes to them, or both. */
export interface Location {
  /** as written in the configuration, for messages: `/pub`, `= /pub`, `~ ^/x/(.*)$` */
  readonly title: string;
  /** true: what `channelIdOf` gives is a device, whose queue is served */
  readonly isQueue: boolean;
  readonly publisher: boolean;
  readonly subscriber: boolean;
  readonly settings: LocationSettings;
  /** handed to channels that this location publishes to or subscribes to */
  readonly policy: ChannelPolicy;
  /**
   * True when the channel depends on path and query alone, so that doors may remember it per URL. False when a header,
   * a cookie or the address takes part.
   */
  readonly channelFollowsUrl: boolean;
  /**
   * The channel id that a request names, cut to `maxChannelIdLength`; '' when it names none. Arguments, headers and
   * cookies are taken raw; captures come from the decoded path, as in nginx.
   * @param captures groups 1, 2, .. of the location's regular expression; empty for other kinds
   */
  channelIdOf(facts: RequestFacts, captures: readonly string[]): string;
}

export interface LocationMatch {
  readonly location: Location;
  /** groups 1, 2, .. from index 0; '' for one that took no part */
  readonly captures: readonly string[];
}

/** Which location serves a path, chosen as nginx chooses among its own. */
export interface LocationTable {
  readonly all: readonly Location[];
  /**
   * The path is made normal first (`normalizePath`), as nginx does it.
   * @param path the request target without its query, as sent (percent-encoding untouched)
   * @returns undefined when no location serves it, and also for a path without a normal form, which nginx answers 400;
   *   who must tell the two apart asks `normalizePath`
   */
  match(path: string): LocationMatch | undefined;
}

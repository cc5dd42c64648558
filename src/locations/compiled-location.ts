import type { ChannelPolicy } from '../channels/channel-policy.js';
import { type ChannelNaming, compileTemplate, followsUrl, parseTemplate } from './channel-template.js';
import type { Location, LocationSettings, RequestFacts } from './location.js';
import { groupsOf, type LocationPath } from './location-path.js';

/** One entry of the configuration's `locations`, every setting present. */
export interface LocationPlan {
  readonly path: string;
  readonly channel: string;
  /** true: `channel` names a device, whose queue is served */
  readonly isQueue: boolean;
  readonly publisher: boolean;
  readonly subscriber: boolean;
  readonly settings: LocationSettings;
}

export class CompiledLocation implements Location {
  readonly title: string;
  readonly isQueue: boolean;
  readonly publisher: boolean;
  readonly subscriber: boolean;
  readonly settings: LocationSettings;
  readonly policy: ChannelPolicy;
  readonly channelFollowsUrl: boolean;
  private readonly nameChannel: ChannelNaming;

  /** @throws RangeError with a sentence when the channel template is not one */
  constructor(plan: LocationPlan, path: LocationPath) {
    const template = parseTemplate(plan.channel, groupsOf(path));
    this.title = path.title;
    this.isQueue = plan.isQueue;
    this.publisher = plan.publisher;
    this.subscriber = plan.subscriber;
    this.settings = plan.settings;
    this.policy = policyOf(path.title, plan.settings);
    this.channelFollowsUrl = followsUrl(template);
    this.nameChannel = compileTemplate(template);
  }

  channelIdOf(facts: RequestFacts, captures: readonly string[]): string {
    const id = this.nameChannel(facts, captures);
    const { maxChannelIdLength } = this.settings;
    return id.length > maxChannelIdLength ? id.slice(0, maxChannelIdLength) : id;
  }
}

function policyOf(location: string, settings: LocationSettings): ChannelPolicy {
  const { minMessageBufferLength, maxMessageBufferLength, messageTimeoutMs, channelTimeoutMs, durability } = settings;
  return { location, minMessageBufferLength, maxMessageBufferLength, messageTimeoutMs, channelTimeoutMs, durability };
}

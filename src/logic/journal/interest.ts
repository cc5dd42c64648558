import { type ChannelPattern, channelPattern } from '../../channels/channel-pattern.js';
import { eventSourceOf } from '../../devices/device-id.js';
import type { ServerDeclaration } from '../loading/declared-servers.js';
import { endedOutcomeOf, isOutcomeChannel } from './ended-outcome.js';

/** What a plugin wants of the journal, as its handlers declare it. */
export interface Interest {
  /** patterns of its `@OnEvent` */
  readonly patterns: readonly string[];
  /** names of its `@OnOutcome` */
  readonly outcomes: readonly string[];
}

export const NO_INTEREST: Interest = { patterns: [], outcomes: [] };

export function interestOf(servers: readonly ServerDeclaration[]): Interest {
  const patterns = new Set<string>();
  const outcomes = new Set<string>();
  for (const declaration of servers.flatMap(({ declarations }) => declarations)) {
    if (declaration.kind === 'event') patterns.add(declaration.pattern);
    if (declaration.kind === 'outcome') outcomes.add(declaration.name);
  }
  return { patterns: [...patterns], outcomes: [...outcomes] };
}

/** Decides which messages of which channels go to a plugin. */
export class InterestFilter {
  private readonly events: readonly EventPattern[];
  private readonly outcomes: ReadonlySet<string>;

  constructor({ patterns, outcomes }: Interest) {
    this.events = patterns.map((pattern) => new EventPattern(pattern));
    this.outcomes = new Set(outcomes);
  }

  /** Whether messages of a channel may be wanted. */
  wants(channelId: string): boolean {
    if (this.outcomes.size > 0 && isOutcomeChannel(channelId)) return true;
    return this.events.some((pattern) => pattern.matches(channelId));
  }

  /** Whether this message is wanted, of a channel of which some may be. */
  takes(channelId: string, body: Buffer): boolean {
    if (!isOutcomeChannel(channelId)) return true;
    const outcome = endedOutcomeOf(body);
    return outcome !== undefined && this.outcomes.has(outcome.name);
  }
}

/** A pattern that matches events and nothing else. */
export class EventPattern {
  private readonly pattern: ChannelPattern;
  /** As in MQTT, the hub's own events, `$presence` for instance, come only to a pattern that names them. */
  private readonly namesHubEvents: boolean;

  constructor(readonly text: string) {
    this.pattern = channelPattern(text);
    this.namesHubEvents = text.split('/')[3]?.startsWith('$') === true;
  }

  matches(channelId: string): boolean {
    if (!this.pattern.matches(channelId)) return false;
    const source = eventSourceOf(channelId);
    return source !== undefined && (this.namesHubEvents || !source.type.startsWith('$'));
  }
}

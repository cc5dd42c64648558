import { type ChannelPattern, channelPattern } from '../../channels/channel-pattern.js';
import { outcomeChannel } from '../../commands/outcome.js';
import { commandChannel, eventSourceOf } from '../../devices/device-id.js';

/** What of a channel's messages is recorded. */
export interface Wanted {
  readonly event: boolean;
  readonly outcome: boolean;
  /** the commands that its outcomes tell of */
  readonly commands: boolean;
}

/** All channels that a recording can be about; a log can be asked for those that begin so. */
export const RECORDED_PREFIX = 'devices/';

const NOTHING: Wanted = { event: false, outcome: false, commands: false };
const OUTCOMES = /^devices\/([A-Za-z0-9._:-]{1,128})\/outcomes$/;
/** Channels that are remembered; past it all are looked at anew. */
const MAX_REMEMBERED = 50_000;

/** Which channels are recorded: those of events, commands and outcomes that one of the patterns matches. */
export class RecordedChannels {
  private readonly patterns: readonly ChannelPattern[];
  private readonly remembered = new Map<string, Wanted>();

  /** @throws RangeError when one of them is no pattern */
  constructor(patterns: readonly string[]) {
    this.patterns = patterns.map(channelPattern);
  }

  wanted(channelId: string): Wanted {
    let wanted = this.remembered.get(channelId);
    if (!wanted) {
      wanted = this.look(channelId);
      if (this.remembered.size >= MAX_REMEMBERED) this.remembered.clear();
      this.remembered.set(channelId, wanted);
    }
    return wanted;
  }

  /** Whether anything of a channel's messages is. */
  has(channelId: string): boolean {
    return this.wanted(channelId) !== NOTHING;
  }

  private look(channelId: string): Wanted {
    if (eventSourceOf(channelId)) return this.matches(channelId) ? { ...NOTHING, event: true } : NOTHING;
    const device = OUTCOMES.exec(channelId)?.[1];
    if (device === undefined) return NOTHING;
    const outcome = this.matches(outcomeChannel(device));
    const commands = this.matches(commandChannel(device));
    return outcome || commands ? { event: false, outcome, commands } : NOTHING;
  }

  private matches(channelId: string): boolean {
    return this.patterns.some((pattern) => pattern.matches(channelId));
  }
}

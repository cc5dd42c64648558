import type { ChannelName } from '../../channels/channel-key.js';
import type { Command } from '../../commands/life/command.js';
import type { StoredMessage } from '../../engine/message-log.js';
import { type Position, parsePosition } from '../../engine/position.js';
import { type Cause, causeOf, type TurnBehind } from '../cause.js';
import { isOutcomeChannel, outcomeOf } from '../journal/ended-outcome.js';
import { tellSender, verbOf } from './told-cause.js';
import { tellPublisher } from './told-publisher.js';

/** Where what a cause names is looked up. */
export interface ChainParts {
  /** undefined: it is not kept any more */
  message(channel: ChannelName, position: Position): Promise<StoredMessage | undefined>;
  /** undefined: it is not kept any more */
  command(device: string, id: string): Promise<Command | undefined>;
}

/** A message, as it is asked about. */
export interface AskedMessage {
  readonly channel: ChannelName;
  readonly message: StoredMessage;
}

/** What one step back tells, and what it leads to. */
interface StepBack {
  readonly sentences: readonly string[];
  readonly before: Cause | undefined;
}

/** Sentences after which a chain is not followed any further. */
const MAX_SENTENCES = 32;
const MESSAGE = /^(event|outcome) (\S+) (\d+:\d+)$/;
const NOTHING: StepBack = { sentences: [], before: undefined };

/**
 * What led to a cause, sentence by sentence, from the nearest on back to what came from outside of the hub, as far as it is
 * still kept: which turns set a timer, who published an event, which command an outcome is of.
 */
export async function tellBefore(cause: Cause | undefined, parts: ChainParts): Promise<string[]> {
  const told: string[] = [];
  for (let at = cause; at; ) {
    const { sentences, before }: StepBack = await stepBack(at, parts);
    told.push(...sentences);
    if (told.length >= MAX_SENTENCES) return [...told, 'What came before that is not followed any further.'];
    at = before;
  }
  return told;
}

/** The same of a message: its cause, or the command that it tells of. */
export async function tellBeforeMessage({ channel, message }: AskedMessage, parts: ChainParts): Promise<string[]> {
  const { sentences, before } = await behindMessage({ channel, message }, parts);
  return [...sentences, ...(await tellBefore(before, parts))];
}

async function stepBack({ plugin, by, given, behind }: Cause, parts: ChainParts): Promise<StepBack> {
  const turns = typeof behind === 'object' ? behind : [];
  const sentences = turns.slice(1).map((turn, i) => tellTurn(plugin, turns[i] as TurnBehind, turn));
  const step = await stepTo(given ?? turns.at(-1)?.by ?? by, parts);
  return { sentences: [...sentences, ...step.sentences], before: step.before };
}

/** @param turn which set what `later` was for */
function tellTurn(plugin: string, later: TurnBehind, { handler, by, isFar }: TurnBehind): string {
  if (isFar) return `The first of the timers before that was set by ${handler} of "${plugin}" for ${by}.`;
  const again = later.times === undefined ? '' : `, and then ${later.times} times anew by its own turn`;
  return `The ${later.by} was ${verbOf(later.by)} by ${handler} of "${plugin}" for ${by}${again}.`;
}

/** @param by what a turn was for */
async function stepTo(by: string, parts: ChainParts): Promise<StepBack> {
  const [, kind, id = '', written = ''] = MESSAGE.exec(by) ?? [];
  if (kind === undefined) return NOTHING;
  const channel = { group: '', id };
  const message = await parts.message(channel, parsePosition(written) as Position);
  if (!message)
    return { sentences: [`The ${by} is not kept any more: who published it cannot be told.`], before: undefined };
  const at = new Date(message.publishedAt).toISOString();
  const step = await behindMessage({ channel, message }, parts);
  const sentence = `The ${by} is of ${at}. ${tellPublisher(channel, message.cause)}`;
  return { sentences: [sentence, ...step.sentences], before: step.before };
}

async function behindMessage({ channel, message }: AskedMessage, parts: ChainParts): Promise<StepBack> {
  const outcome = isOwnOutcome(channel, message) ? outcomeOf(message.body) : undefined;
  if (!outcome) return { sentences: [], before: causeOf(message.cause) };
  const { device, id, name } = outcome;
  const command = await parts.command(device, id);
  const sentence = `It tells of command ${id} of device "${device}" ("${name}")`;
  if (!command) return { sentences: [`${sentence}, which is not kept any more.`], before: undefined };
  return { sentences: [`${sentence}. ${tellSender(command)}`], before: causeOf(command.origin) };
}

/** The hub's own outcomes have no cause of theirs: it is that of their command. */
function isOwnOutcome({ group, id }: ChannelName, { cause }: StoredMessage): boolean {
  return cause === undefined && group === '' && isOutcomeChannel(id);
}

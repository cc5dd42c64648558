import type { Channels } from '../../channels/channels.js';
import { formatPosition, type Position, secondOf } from '../../engine/position.js';
import type { Hosted } from '../hosted.js';
import type { Follower } from '../journal/follower.js';
import { EventPattern } from '../journal/interest.js';
import { MAX_LETTERS } from '../running/dead-letters.js';
import { PROBE_MS } from '../running/failure-pause.js';
import { handlerName } from '../running/handlers.js';
import type { AskedEvent } from './asked-event.js';
import type { Decision, Decisions } from './decisions.js';
import type { Story } from './story.js';

export interface WhyNotParts {
  readonly channels: Channels;
  readonly hosted: Hosted;
  /** undefined: it is switched off, or a candidate version that has failed */
  readonly follower: Follower | undefined;
  /** unix ms at which the hub was started */
  readonly startedAt: number;
}

/** Why a plugin did nothing about an event, or what it did. */
export async function whyNot(asked: AskedEvent, parts: WhyNotParts): Promise<Story> {
  const { channel } = asked;
  const position = asked.position ?? (await parts.channels.glance(channel, ({ last }) => last));
  if (!position) return { now: `The hub knows no event of ${channel}.`, steps: [] };
  const { decisions } = parts.hosted;
  const made = decisions.about(channel, position);
  const steps = made.map((decision) => ({ at: iso(decision.at), sentence: tellDecision(decision) }));
  const event = `${channel} ${formatPosition(position)}`;
  const sentences =
    made.length > 0
      ? [tellOutcome(made, parts.hosted.name, event), ...tellStill(parts.hosted)]
      : await tellUnseen(channel, position, parts);
  return { now: sentences.join(' '), steps };
}

function tellDecision({ handler, is, attempt, effects, reason }: Decision): string {
  switch (is) {
    case 'done':
      return `${handler} was called, and what it asked for was done: ${effects === 1 ? '1 thing' : `${effects} things`}.`;
    case 'skipped':
      return `${handler} skipped it: ${reason}`;
    case 'invalid':
      return `${handler} was not called, for the payload is wrong: ${reason}`;
    case 'failed':
      return `${handler} failed at attempt ${attempt}: ${reason}`;
    case 'buried':
      return `${handler} gave it up after ${attempt} attempts; it is among the dead letters: ${reason}`;
  }
}

function tellOutcome(made: readonly Decision[], plugin: string, event: string): string {
  const last = new Map(made.map((decision) => [decision.handler, decision]));
  const told = Array.from(last.values(), ({ handler, is, effects }) => {
    if (is === 'done' && effects === 0) return `${handler} asked for nothing`;
    if (is === 'failed') return `${handler} has failed, and is tried again`;
    return `${handler}: ${is}`;
  });
  return `"${plugin}" has seen ${event}. ${told.join('; ')}.`;
}

/** No turn for it was decided, as far as is remembered. */
async function tellUnseen(channel: string, position: Position, parts: WhyNotParts): Promise<string[]> {
  const { hosted, follower } = parts;
  const { state } = hosted.status();
  const still = tellStill(hosted);
  if (state === 'disabled') return [`"${hosted.name}" is switched off: it gets nothing.`];
  if (!follower) return [...still, 'It gets no more events.'];
  if (state === 'failed' || hosted.declarations.length === 0) return [...still, 'Its events wait for it.'];
  return [...(await tellWhere(channel, position, { ...parts, follower })), ...still];
}

/** Where it is, or why it is nowhere. */
async function tellWhere(
  channel: string,
  position: Position,
  parts: WhyNotParts & { readonly follower: Follower },
): Promise<string[]> {
  const { hosted, follower } = parts;
  const { name } = hosted;
  const handlers = handlersFor(hosted, channel);
  if (handlers.length === 0) return [`No pattern of "${name}" matches ${channel}: it has ${patternsOf(hosted)}.`];
  if (handlers.every(({ kind }) => kind === 'pipeline')) {
    const names = handlers.map((handler) => handler.name).join(', ');
    return [`Only a pipeline takes it (${names}), and what a pipeline makes of an event is not recorded.`];
  }
  const letter = await letterOf(hosted, channel, position);
  if (letter !== undefined) return [letter];
  const found = await follower.find(channel, position);
  if (found?.isBrought) return [`It waits for its turn in "${name}": those of its key that came before it come first.`];
  if (found) return [`"${name}" has not come to it yet: ${found.before} entries of the journal come first.`];
  return tellGone(position, { ...parts, follower });
}

/** It is nowhere: it was dealt with and that is forgotten, or it never came to the plugin. */
function tellGone(
  position: Position,
  { hosted, follower, startedAt }: WhyNotParts & { readonly follower: Follower },
): string[] {
  const { decisions, name } = hosted;
  const { queued, counters } = hosted.status();
  const { lost } = counters;
  if (follower.isOverrun) {
    return [
      `The journal does not have it any more. It may be one of the ${queued} turns of "${name}" that wait in memory.`,
    ];
  }
  const publishedAt = secondOf(position) * 1000;
  const told = [`No turn of "${name}" for it is remembered, and none is to come.`];
  if (publishedAt < startedAt) {
    told.push(`The hub was started after it, at ${iso(startedAt)}; what turns came to before that is not kept.`);
    told.push('A plugin that was enabled after it, or for the first time, begins behind it.');
  } else if (isForgotten(decisions, publishedAt)) {
    told.push(`The last ${decisions.size} turns are remembered, the oldest of ${iso(decisions.since ?? 0)}.`);
  }
  if (lost > 0) {
    told.push(`The journal has dropped up to ${lost} entries before "${name}" came to them; it may be one of them.`);
  }
  return told;
}

function isForgotten(decisions: Decisions, publishedAt: number): boolean {
  return decisions.isFull && publishedAt <= (decisions.since ?? 0);
}

/** Why its turns stand still; nothing: they do not. */
function tellStill(hosted: Hosted): string[] {
  const { name, state, reason } = hosted.status();
  switch (state) {
    case 'paused':
      return [`"${name}" is paused, for everything fails; one turn is tried every ${PROBE_MS / 1000} s.`];
    case 'failed':
    case 'restarting':
      return [`"${name}" does not run: ${reason?.replace(/\.?$/, '.')}`];
    case 'starting':
    case 'stopped':
      return [`"${name}" is ${state}.`];
    default:
      return [];
  }
}

async function letterOf({ letters }: Hosted, channel: string, position: Position): Promise<string | undefined> {
  for (const { input, id, at, handler, attempts, error } of await letters.list('', MAX_LETTERS)) {
    if (!('channel' in input) || input.channel !== channel || input.position !== position) continue;
    return `${handler} gave it up at ${iso(at)} after ${attempts} attempts; it is the dead letter ${id}: ${error}`;
  }
  return undefined;
}

function handlersFor({ declarations }: Hosted, channel: string) {
  return declarations.flatMap(({ options, declarations: methods }) =>
    methods.flatMap((method) => {
      if (!('pattern' in method) || !new EventPattern(method.pattern).matches(channel)) return [];
      return [{ name: handlerName(options.name, method), kind: method.kind }];
    }),
  );
}

function patternsOf(hosted: Hosted): string {
  const { patterns } = hosted.status();
  return patterns.length === 0 ? 'none' : patterns.join(', ');
}

function iso(unixMs: number): string {
  return new Date(unixMs).toISOString();
}

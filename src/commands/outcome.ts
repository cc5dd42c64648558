import type { MessageChange } from '../engine/engine.js';
import type { NewMessage } from '../engine/message-log.js';
import type { CommandRules } from './command-rules.js';
import { isoTime } from './iso-time.js';
import type { Command, CommandState, Report, Transition } from './life/command.js';

/** A command's state as producers read it. */
export interface Outcome {
  readonly id: string;
  readonly device: string;
  readonly name: string;
  /** the job that sent it */
  readonly job: string | undefined;
  readonly state: CommandState['is'];
  readonly attempt: number;
  /** RFC 3339 */
  readonly at: string;
  /** what brought it about */
  readonly cause: string;
  readonly evidence: string | undefined;
  /** true: the news came after the lock was lost or the time was up */
  readonly late: true | undefined;
  readonly result: Report | undefined;
}

/** The channel that tells every change of a command's state. */
export function outcomeChannel(device: string): string {
  return `devices/${device}/outcomes`;
}

export function outcomeOf(command: Command): Outcome {
  const { id, device, name, job, attempt } = command;
  const state: { readonly is: Outcome['state']; readonly evidence?: string } & News = command.state;
  const { at, cause } = command.history.at(-1) as Transition;
  const { is, evidence, report } = state;
  const late = state.late === true ? true : undefined;
  // One literal for every state, without spreads: it is written as JSON with each transition, which then costs a tenth.
  return { id, device, name, job: job?.id, state: is, attempt, at: isoTime(at), cause, evidence, late, result: report };
}

/** What some states say beside their name. */
interface News {
  readonly late?: boolean;
  readonly report?: Report;
}

/** @param channel that of the command's device, as `outcomeChannel` gives it */
export function outcomeMessage(channel: string, command: Command, now: number, rules: CommandRules): MessageChange {
  const message = new NewsMessage(JSON.stringify(outcomeOf(command)), now, rules);
  return { channel, message, cause: command.origin };
}

/** A message that tells how far something is, kept as `devices.outcome_buffer_length` and `outcome_timeout` say. */
export function newsMessage(channel: string, news: object, now: number, rules: CommandRules): MessageChange {
  return { channel, message: new NewsMessage(JSON.stringify(news), now, rules) };
}

class NewsMessage implements NewMessage {
  readonly contentType = 'application/json';
  readonly expiresAt: number;
  readonly store = true;
  readonly keepAtMost: number;
  readonly keepAtLeast = 0;
  /** its UTF-8 bytes as latin1: what the engines keep */
  readonly text: string;

  constructor(json: string, now: number, { outcomeBufferLength, outcomeTimeoutMs }: CommandRules) {
    this.text = Buffer.byteLength(json) === json.length ? json : Buffer.from(json).toString('latin1');
    this.expiresAt = outcomeTimeoutMs === 0 ? Number.POSITIVE_INFINITY : now + outcomeTimeoutMs;
    this.keepAtMost = outcomeBufferLength;
  }

  get body(): Buffer {
    return Buffer.from(this.text, 'latin1');
  }
}

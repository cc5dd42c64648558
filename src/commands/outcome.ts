import type { MessageChange } from '../engine/engine.js';
import { LateBody, type NewMessage } from '../engine/message-log.js';
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
  // One literal for every state, without spreads: it is made with each transition, which then costs a tenth.
  return { id, device, name, job: job?.id, state: is, attempt, at: isoTime(at), cause, evidence, late, result: report };
}

/** What some states say beside their name. */
interface News {
  readonly late?: boolean;
  readonly report?: Report;
}

/** @param channel that of the command's device, as `outcomeChannel` gives it */
export function outcomeMessage(channel: string, command: Command, now: number, rules: CommandRules): MessageChange {
  return { channel, message: new NewsMessage(outcomeBody(outcomeOf(command)), now, rules), cause: command.origin };
}

/** What a device said of a command is written at once: only what the hub itself says stays as it is until it is read. */
export function outcomeBody(outcome: Outcome): LateBody {
  return outcome.result !== undefined || !PLAIN.test(outcome.name) ? new JsonBody(outcome) : new PlainOutcome(outcome);
}

/** A message that tells how far something is, kept as `devices.outcome_buffer_length` and `outcome_timeout` say. */
export function newsMessage(channel: string, news: object, now: number, rules: CommandRules): MessageChange {
  return { channel, message: new NewsMessage(new JsonBody(news), now, rules) };
}

class NewsMessage implements NewMessage {
  readonly expiresAt: number;
  readonly keepAtMost: number;
  private made: string | undefined = undefined;

  constructor(
    readonly late: LateBody,
    now: number,
    { outcomeBufferLength, outcomeTimeoutMs }: CommandRules,
  ) {
    this.expiresAt = outcomeTimeoutMs === 0 ? Number.POSITIVE_INFINITY : now + outcomeTimeoutMs;
    this.keepAtMost = outcomeBufferLength;
  }

  get contentType(): string {
    return 'application/json';
  }

  get store(): boolean {
    return true;
  }

  get keepAtLeast(): number {
    return 0;
  }

  get text(): string {
    this.made ??= this.late.write();
    return this.made;
  }

  get body(): Buffer {
    return Buffer.from(this.text, 'latin1');
  }
}

/** JSON that is made at once. */
class JsonBody extends LateBody {
  private readonly text: string;

  constructor(news: object) {
    super();
    this.text = latin1Json(news);
  }

  get length(): number {
    return this.text.length;
  }

  write(): string {
    return this.text;
  }
}

/**
 * An outcome whose JSON is made when somebody reads it: a device's buffer of them is full before long, and most are dropped
 * unread.
 */
class PlainOutcome extends LateBody implements Outcome {
  readonly length: number;
  readonly id: string;
  readonly device: string;
  readonly name: string;
  readonly job: string | undefined;
  readonly state: Outcome['state'];
  readonly attempt: number;
  readonly at: string;
  readonly cause: string;
  readonly evidence: string | undefined;
  readonly late: true | undefined;

  /** Takes what it tells and not the object that tells it: there are 20 for each device, and two objects would be 40. */
  constructor({ id, device, name, job, state, attempt, at, cause, evidence, late }: Outcome) {
    super();
    this.id = id;
    this.device = device;
    this.name = name;
    this.job = job;
    this.state = state;
    this.attempt = attempt;
    this.at = at;
    this.cause = cause;
    this.evidence = evidence;
    this.late = late;
    this.length = lengthOf(this);
  }

  get result(): undefined {
    return undefined;
  }

  write(): string {
    const { id, device, name, job, state, attempt, at, cause, evidence, late } = this;
    return latin1Json({ id, device, name, job, state, attempt, at, cause, evidence, late });
  }
}

/** Names that JSON writes as they are. */
const PLAIN = /^[A-Za-z0-9._:-]*$/;
/** What every outcome has: braces, names of members, and the time. */
const FIXED_LENGTH = '{"id":"","device":"","name":,"state":"","attempt":,"at":"2026-01-01T00:00:00.000Z","cause":""}'
  .length;
const JOB_LENGTH = ',"job":""'.length;
const EVIDENCE_LENGTH = ',"evidence":""'.length;
const LATE_LENGTH = ',"late":true'.length;

/** Of an outcome without a result as JSON, without making it. */
function lengthOf({ id, device, name, job, state, attempt, cause, evidence, late }: Outcome): number {
  let length = FIXED_LENGTH + id.length + device.length + name.length + 2 + state.length + cause.length;
  length += attempt < 10 ? 1 : String(attempt).length;
  if (job !== undefined) length += JOB_LENGTH + job.length;
  if (evidence !== undefined) length += EVIDENCE_LENGTH + evidence.length;
  return late ? length + LATE_LENGTH : length;
}

/** UTF-8 bytes as latin1: what the engines keep. */
function latin1Json(news: object): string {
  const json = JSON.stringify(news);
  return Buffer.byteLength(json) === json.length ? json : Buffer.from(json).toString('latin1');
}

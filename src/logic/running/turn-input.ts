import { Buffer } from 'node:buffer';
import { eventSourceOf } from '../../devices/device-id.js';
import { formatPosition, type Position } from '../../engine/position.js';
import type { CommandOutcome } from '../../plugin/on-outcome.js';
import type { Cause } from '../cause.js';

/** What a turn is for. All of it can be written as JSON: it goes to dead letters, and to wherever a handler runs. */
export type TurnInput =
  | MessageInput
  | {
      readonly kind: 'timer';
      readonly name: string;
      readonly key: string;
      readonly data: unknown;
      readonly dueAt: number;
      readonly missed: number;
      /** the turns that it comes from */
      readonly behind?: Cause['behind'];
    }
  | {
      readonly kind: 'outbox';
      readonly id: string;
      readonly name: string;
      readonly key: string;
      readonly data: unknown;
      /** the turns that it comes from */
      readonly behind?: Cause['behind'];
    };

/** An event, or the outcome of a command. */
export interface MessageInput {
  readonly kind: 'event' | 'outcome';
  readonly channel: string;
  readonly position: Position;
  readonly publishedAt: number;
  readonly body: Buffer;
  /** entries that the journal dropped before it, at most; left out: none */
  readonly lost?: number;
}

/** As dead letters have it: bodies in base64. */
export type WrittenInput = Exclude<TurnInput, MessageInput> | (Omit<MessageInput, 'body'> & { readonly body: string });

export function writeInput(input: TurnInput): WrittenInput {
  return 'body' in input ? { ...input, body: input.body.toString('base64') } : input;
}

export function readInput(input: WrittenInput): TurnInput {
  return 'body' in input ? { ...input, body: Buffer.from(input.body, 'base64') } : input;
}

/** For people and for causes: `event devices/fan-1/events/temperature 1700000000:0`, `timer fan-off fan-1`. */
export function describeInput(input: TurnInput): string {
  if ('channel' in input) return describeMessage(input);
  return input.kind === 'timer' ? `timer ${input.name} ${input.key}` : `outbox ${input.name} ${input.id}`;
}

export function describeMessage({
  kind,
  channel,
  position,
}: Pick<MessageInput, 'kind' | 'channel' | 'position'>): string {
  return `${kind} ${channel} ${formatPosition(position)}`;
}

/** The device that it is about, or the key that a timer or an item of the outbox was given. */
export function subjectOf(input: TurnInput): string {
  if (!('channel' in input)) return input.key;
  return input.kind === 'event' ? (eventSourceOf(input.channel)?.device ?? '') : (input.channel.split('/')[1] ?? '');
}

export function outcomeIn({ body }: MessageInput): CommandOutcome {
  return JSON.parse(body.toString('utf8')) as CommandOutcome;
}

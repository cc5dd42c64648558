import type { RecordRange, StoredRecord } from '../../engine/record-table.js';
import type { Declaration } from '../../plugin/declarations.js';
import type { LogicServerOptions } from '../../plugin/logic-server-options.js';
import type { Logger } from '../../telemetry/logger.js';
import type { SettingDescription } from '../inspection/description.js';
import type { LogicLimits } from '../logic-limits.js';
import type { PluginConfigFault, PluginEntry } from '../plugin-entry.js';
import type { JobCancelEffect, StateEffect, TimerEffect } from '../running/effects.js';
import type { GivenEvent } from '../running/handler-host.js';
import type { Counters } from '../running/reader-surroundings.js';
import type { MessageInput, TurnInput } from '../running/turn-input.js';

/** What the hub and a plugin's worker say to each other. `codec.ts` is the one place that writes and reads it. */
export type ToWorker =
  | { readonly kind: 'open' }
  | ({ readonly kind: 'turn'; readonly id: number; readonly handler: string; readonly input: WireInput } & TurnFacts)
  /** the turn is over as if it had never been, also when it has ended already */
  | { readonly kind: 'abandon'; readonly id: number }
  | { readonly kind: 'answer'; readonly id: number; readonly answer: Answer }
  | { readonly kind: 'pipeline'; readonly name: string; readonly isOn: boolean }
  | ({ readonly kind: 'event'; readonly pipeline: string; readonly depth: number } & Omit<WireMessage, 'kind'>)
  | { readonly kind: 'ping' }
  | { readonly kind: 'close' };

export type ToHub =
  | {
      readonly kind: 'loaded';
      readonly servers: readonly WireServer[];
      readonly settings: readonly SettingDescription[];
      readonly faults: readonly PluginConfigFault[];
    }
  | { readonly kind: 'opened' }
  | { readonly kind: 'closed' }
  /** it could not be loaded, made or closed */
  | { readonly kind: 'failed'; readonly fault: WireFault }
  | { readonly kind: 'done'; readonly id: number; readonly effects: readonly WireEffect[]; readonly skipped?: string }
  | { readonly kind: 'threw'; readonly id: number; readonly fault: WireFault }
  /** answered by an `answer` of the same id */
  | { readonly kind: 'ask'; readonly id: number; readonly question: Question }
  /** so many events for pipelines were read */
  | { readonly kind: 'took'; readonly events: number }
  | { readonly kind: 'left'; readonly pipeline: string }
  | { readonly kind: 'log'; readonly level: keyof Logger; readonly facts: object; readonly sentence: string }
  /** added to the plugin's counters */
  | { readonly kind: 'counted'; readonly counters: Partial<Counters> }
  | { readonly kind: 'late'; readonly fault: WireFault }
  | { readonly kind: 'pong'; readonly usage: WorkerUsage };

interface TurnFacts {
  /** attempts that failed */
  readonly failures: number;
  readonly depth: number;
}

/** What a worker is started with. */
export interface WorkerStart {
  readonly entry: Pick<PluginEntry, 'name' | 'config'>;
  /** absolute */
  readonly file: string;
  readonly limits: LogicLimits;
}

/** Bytes travel as text of one byte a character: the copy of a view would take the whole pool behind it along. */
export type Bytes = string;

export interface WireMessage extends Omit<MessageInput, 'body'> {
  readonly body: Bytes;
}

export type WireInput = Exclude<TurnInput, MessageInput> | WireMessage;

export type WireEffect =
  | {
      readonly kind: 'command';
      readonly device: string;
      readonly name: string;
      readonly paramsJson: string;
      readonly options: object;
    }
  | { readonly kind: 'message'; readonly channel: string; readonly body: Bytes; readonly contentType: string | null }
  | JobCancelEffect
  | StateEffect
  | TimerEffect
  | { readonly kind: 'outbox'; readonly name: string; readonly key: string | undefined; readonly json: string }
  | { readonly kind: 'job'; readonly id: string; readonly json: string };

/** What the worker cannot know by itself. */
export type Question =
  | { readonly get: string }
  | { readonly range: RecordRange }
  | { readonly emit: WireEffect; readonly pipeline: string; readonly given: GivenEvent | undefined };

export type Answer =
  | { readonly value: StoredRecord | readonly StoredRecord[] | undefined }
  | { readonly fault: WireFault };

/** An error, without what cannot be copied. */
export interface WireFault {
  readonly type: 'error' | 'hub' | 'engine' | 'payload';
  readonly message: string;
  /** of a HubError or an EngineError */
  readonly code?: string;
  readonly stack?: string;
}

/** A logic server as far as the hub has to know it. */
export interface WireServer {
  readonly options: Omit<LogicServerOptions, 'config'>;
  readonly declarations: readonly Declaration[];
}

/** What a worker uses. */
export interface WorkerUsage {
  /** its heap, in use */
  readonly heapBytes: number;
  /** buffers and the like, which are not in the heap */
  readonly bufferBytes: number;
  /** processor time since its start, ms; where Node cannot tell, the time that its event loop was busy */
  readonly cpuMs: number;
}

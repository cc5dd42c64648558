import type { MaybePromise } from '../../engine/message-log.js';
import type { Position } from '../../engine/position.js';
import type { Effect } from './effects.js';
import type { PipelineBinding } from './handlers.js';
import type { Job } from './job.js';
import type { LiveReader } from './live-feed.js';
import type { ReaderSurroundings } from './reader-surroundings.js';
import type { TurnEnd } from './turn-end.js';

/**
 * Where the methods of one plugin run: in the hub's own thread, or somewhere else. The dispatcher keeps the journal, the
 * order, the time of a turn, retries, dead letters and the commit; a host calls a method and brings back what it asked for.
 */
export interface HandlerHost {
  /** True when a method could end the hub's process, for it runs in it. */
  readonly isInProcess: boolean;
  /** False while nothing can be begun: turns wait in their queue. */
  readonly isReady: boolean;
  /** @param becameReady called each time `isReady` has become true, not before `start` has returned */
  start(becameReady: () => void): void;
  /**
   * Begins a turn. Called while `isReady`, for handlers that the plugin declares.
   * @throws what the method throws at once; PayloadFault when its payload class does not let the payload pass
   */
  begin(job: Job): BegunTurn;
  /** The pipeline that a method is; the caller starts and stops it. */
  pipeline(binding: PipelineBinding, parts: PipelineParts): HostedPipeline;
}

/** A turn whose method was called. */
export interface BegunTurn {
  /** Resolves when the method has ended, rejects with what `begin` throws. undefined: it has ended already. */
  readonly ended: Promise<unknown> | undefined;
  /** What it came to, once it has ended; what is asked of it from now on is refused. */
  close(): TurnResult;
  /**
   * Ends it as if it had never been, and gives back what it took out of rates. Called when it took too long, when `ended`
   * rejected, and after `close` when what it asked for was not done.
   */
  abandon(): void;
  /**
   * It took too long. Left out: nobody need be asked before it is given up.
   * @param isAlive called, perhaps after a while, once what runs it is known to be alive. When that has ended, `ended` rejects.
   */
  askHost?(isAlive: () => void): void;
  /**
   * It took too long: ends it as `abandon` does.
   * @returns what it fails with when there is more to tell than that
   */
  timeOut?(): Error | undefined;
  /** What became of it, once that is known, unless it took too long; for a host that answers somebody. */
  told?(end: TurnEnd): void;
}

/** What a turn came to. */
export interface TurnResult {
  readonly effects: readonly Effect[];
  /** why it did nothing, when it said so */
  readonly skipped: string | undefined;
}

/** A method with `@Pipeline` that runs. */
export interface HostedPipeline extends LiveReader {
  start(): void;
  stop(): void;
}

/** An event that a pipeline is given. */
export interface GivenEvent {
  readonly channel: string;
  readonly position: Position;
  /** turns that caused each other up to the one that published it; 0: none did */
  readonly depth: number;
}

/** What a pipeline needs beside what all readers of a plugin share. */
export interface PipelineParts extends Omit<ReaderSurroundings, 'decisions'> {
  /**
   * Does what it gave out.
   * @param given the event that it is given at this moment; undefined: none, as when an operator of its stream has waited
   * @throws HubError `not_granted`, `rate_exceeded`, `loop_broken`; as `TurnCommits.commit`; rejects with the same
   */
  carryOut(effect: Effect, given: GivenEvent | undefined): MaybePromise<unknown>;
  /** It wants no more events. */
  leave(pipeline: LiveReader): void;
}

/** What ran the method has ended while the turn was open, by a crash or by force. The turn may be why, or one beside it. */
export class HostEnded extends Error {
  constructor(
    message: string,
    /** no other turn was open */
    readonly wasAlone: boolean,
  ) {
    super(message);
  }
}

/** A payload that its class does not let pass: the method was not called, and will not be for this payload. */
export class PayloadFault extends Error {}

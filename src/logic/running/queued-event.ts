import type { StoredMessage } from '../../engine/message-log.js';

/** A handler or a pipeline of a plugin. */
export interface EventReader {
  /** `thermostat.regulate`, for logs */
  readonly name: string;
  readonly pattern: string;
  /** Called once, before the first event. */
  start(): void;
  /** Never throws. @returns true: done with it; false: the dispatcher's `finish` is called with it later, once */
  read(event: QueuedEvent): boolean;
  /** Ends what is under way. Never throws; nothing is read afterwards. */
  stop(): void;
}

/** An event that a reader of the plugin shall get. The queue owns `lane` and `next`. */
export interface QueuedEvent {
  readonly reader: EventReader;
  readonly device: string;
  readonly type: string;
  readonly channel: string;
  readonly message: StoredMessage;
  /** of the message, which may make it anew each time it is asked */
  readonly body: Buffer;
  lane: Lane | undefined;
  next: QueuedEvent | undefined;
}

/** One device's events in order. */
export interface Lane {
  first: QueuedEvent | undefined;
  last: QueuedEvent | undefined;
  /** behind this one among those whose next event may be taken */
  nextReady: Lane | undefined;
}

import type { FaultLog } from './fault-log.js';
import { HubError } from './hub-error.js';

/** What of a server that listens is needed; `net.Server` is one. */
interface Listener {
  maxConnections: number;
  on(event: 'drop', refused: () => void): unknown;
  on(event: 'error', failed: (error: Error) => void): unknown;
}

/** How many connections a door takes. */
export interface ConnectionBound {
  readonly max: number;
  /** what says so, to stand behind "as many as" */
  readonly because: string;
}

/**
 * Bounds the connections of a server, and tells the operator of those that it could not take; they are closed without a byte.
 * Call once it listens: what fails from then on is a connection, and neither the server nor the hub ends by it.
 * @param door the key of the configuration that its address has
 */
export function tellRefusedConnections(
  listener: Listener,
  { max, because }: ConnectionBound,
  faults: Pick<FaultLog, 'note'>,
  door: 'listen' | 'admin',
): void {
  listener.maxConnections = max;
  const note = (sentence: string, cause?: Error) =>
    faults.note(new HubError('connection_limit', sentence, { cause }), { door });
  listener.on('drop', () => note(`As many connections are open as ${because} (${max}); one more was closed.`));
  listener.on('error', (error) => note(`The system did not hand over a connection: ${error.message}.`, error));
}

/** How far one plugin may go; docs/plugins.md tells them. */
export interface LogicLimits {
  /** turns of different devices that are open at a time */
  readonly concurrency: number;
  /** events that wait for a turn; one more is dropped */
  readonly maxQueuedEvents: number;
  /** bytes of their payloads; what would pass it is dropped */
  readonly maxQueuedBytes: number;
  /** ms that a handler may take */
  readonly turnTimeoutMs: number;
  /** turns that were given up and whose handlers still run; one more fails the plugin, for each holds memory */
  readonly maxAbandonedTurns: number;
  /** commands and messages of one turn */
  readonly maxEffectsPerTurn: number;
  /** what a pipeline gives out without leaving the event loop a moment; one more fails it */
  readonly maxEmissionsAtOnce: number;
  /** ms until a failed pipeline is started again: the first pause, doubled each time up to the longest */
  readonly firstPauseMs: number;
  readonly longestPauseMs: number;
  /** ms for loading a plugin, and for making its providers */
  readonly openTimeoutMs: number;
}

export const logicLimits: LogicLimits = {
  concurrency: 16,
  maxQueuedEvents: 10_000,
  maxQueuedBytes: 16 * 2 ** 20,
  turnTimeoutMs: 10_000,
  maxAbandonedTurns: 1_000,
  maxEffectsPerTurn: 1_000,
  maxEmissionsAtOnce: 1_000,
  firstPauseMs: 1_000,
  longestPauseMs: 60_000,
  openTimeoutMs: 10_000,
};

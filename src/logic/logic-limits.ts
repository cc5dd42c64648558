/** How far one plugin may go; docs/plugins.md tells them. */
export interface LogicLimits {
  /** events that wait in memory for a turn; further ones wait in the journal, and those for pipelines are dropped */
  readonly maxQueuedEvents: number;
  /** bytes of their payloads, in the same way */
  readonly maxQueuedBytes: number;
  /** turns that were given up and whose handlers still run; one more fails the plugin, for each holds memory */
  readonly maxAbandonedTurns: number;
  /** what one turn may ask for: commands, messages, state, timers, items of the outbox */
  readonly maxEffectsPerTurn: number;
  /** bytes of the messages and the commands' params among them */
  readonly maxEffectBytesPerTurn: number;
  /** turns whose decision is remembered, to tell why */
  readonly maxDecisions: number;
  /** what a pipeline gives out without leaving the event loop a moment; one more fails it */
  readonly maxEmissionsAtOnce: number;
  /** ms until a failed pipeline is started again: the first pause, doubled each time up to the longest */
  readonly firstPauseMs: number;
  readonly longestPauseMs: number;
  /** ms for loading a plugin, and for making its providers */
  readonly openTimeoutMs: number;
  /** ms in which a warning of one kind is written once */
  readonly quietMs: number;
}

export const logicLimits: LogicLimits = {
  maxQueuedEvents: 10_000,
  maxQueuedBytes: 16 * 2 ** 20,
  maxAbandonedTurns: 1_000,
  maxEffectsPerTurn: 1_000,
  maxEffectBytesPerTurn: 16 * 2 ** 20,
  maxDecisions: 10_000,
  maxEmissionsAtOnce: 1_000,
  firstPauseMs: 1_000,
  longestPauseMs: 60_000,
  openTimeoutMs: 10_000,
  quietMs: 60_000,
};

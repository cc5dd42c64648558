/** How a turn went: done with, to be run again at once, or failed. */
export type TurnEnd = { readonly is: 'done' } | { readonly is: 'again' } | Failure;

export interface Failure {
  readonly is: 'failed';
  readonly error: unknown;
  /**
   * `plugin`: may go better next time; `final`: cannot; `hub`: the plugin has nothing to do with it; `host`: what ran it
   * has ended, `error` is a HostEnded
   */
  readonly fault: 'plugin' | 'final' | 'hub' | 'host';
}

/** What the process ends with; docs/cli.md tells them. */
export const EXIT = {
  /** done, or stopped by a signal as asked */
  ok: 0,
  /** it could not be done; a sentence on stderr tells why */
  failure: 1,
  /** the command line was not understood */
  usage: 2,
} as const;

/** After a second signal: 128 and the signal's number, as shells count. */
export const EXIT_BY_SIGNAL = { SIGINT: 130, SIGTERM: 143 } as const;

export type StopSignal = keyof typeof EXIT_BY_SIGNAL;

/** A command as the hub hands it out. */
export interface ReceivedCommand {
  /** the same when the hub hands it out again */
  readonly id: string;
  readonly name: string;
  readonly params: unknown;
  /** from 1; undefined where the hub does not tell it */
  readonly attempt?: number;
  /** to be sent back: the hub knows by it which delivery is meant */
  readonly lock?: string;
  /** what the producer asks to hear of it */
  readonly ack?: 'none' | 'delivered' | 'result';
  /** the path under which is told what became of it */
  readonly reply?: string;
}

/**
 * Does what a command says. What it returns goes to the hub as the result; what it throws as a failure, or as a refusal
 * when that is a RefusedCommand.
 */
export type CommandHandler = (command: ReceivedCommand) => unknown;

/** Thrown by a handler that will not do what a command says, now or later: wrong params, not this device's business. */
export class RefusedCommand extends Error {
  override readonly name = 'RefusedCommand';
}

/** What became of a command, with an HTTP status as the hub takes it. */
export interface CommandOutcome {
  /** 200 done, 422 refused, 500 failed */
  readonly status: 200 | 422 | 500;
  /** what the handler returned, or why it did not; undefined: nothing to say */
  readonly data: unknown;
}

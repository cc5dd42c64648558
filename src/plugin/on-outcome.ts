import { type HandlerDecorator, namedDecorator } from './method-decorator.js';

/** How a command ended. */
export interface CommandOutcome {
  readonly id: string;
  readonly device: string;
  readonly name: string;
  /** the job that sent it; left out: it was sent alone */
  readonly job?: string;
  /** the state that it ended in: `SUCCEEDED`, `REJECTED`, `FAILED`, `TIMED_OUT`, `EXPIRED`, `CANCELED` or `DEAD` */
  readonly state: string;
  /** how often it was handed out */
  readonly attempt: number;
  /** RFC 3339 */
  readonly at: string;
  /** what brought the end about */
  readonly cause: string;
  /** what its success rests on: `flushed`, `acked` or `result` */
  readonly evidence?: string;
  /** true: the news came after the time for it was up */
  readonly late?: boolean;
  /** what the device said */
  readonly result?: { readonly status: number; readonly data?: unknown };
}

/** Marks a method that is called when a command of that name has ended, whoever sent it. */
export function OnOutcome(commandName: string): HandlerDecorator<CommandOutcome> {
  return namedDecorator('outcome', commandName);
}

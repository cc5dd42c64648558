/** The least that counts as success: the bytes are out, the device said that it has them, or it said what came of it. */
export type AckLevel = 'none' | 'delivered' | 'result';

/** What a success rests on, weakest first. */
export type Evidence = 'flushed' | 'acked' | 'result';

/** What a device said came of a command. */
export interface Report {
  /** 200-299 done, 400-499 refused, 500-599 failed */
  readonly status: number;
  /** anything that JSON can say; undefined: nothing */
  readonly data?: unknown;
}

/** Why a command was canceled. */
export type CancelCause = 'canceled' | 'superseded' | 'dropped';

/** In whose hands a command is. Each state has its own fields; times are unix ms. */
export type CommandState =
  | { readonly is: 'SCHEDULED'; readonly notBefore: number }
  | { readonly is: 'QUEUED' /** not handed out before */; readonly readyAt: number }
  | { readonly is: 'LEASED'; readonly lock: string; readonly session: string; readonly until: number }
  | { readonly is: 'IN_PROGRESS'; readonly lock: string; readonly session: string; readonly until: number }
  | EndedState;

/** A state that delivers nothing any more. `late`: the news came after the lock was lost or the time was up. */
export type EndedState =
  | {
      readonly is: 'SUCCEEDED';
      readonly at: number;
      readonly evidence: Evidence;
      readonly lock: string;
      readonly late: boolean;
      readonly report?: Report;
    }
  | {
      readonly is: 'REJECTED' | 'FAILED';
      readonly at: number;
      readonly lock: string;
      readonly late: boolean;
      readonly report: Report;
    }
  | { readonly is: 'TIMED_OUT'; readonly at: number; readonly lock: string; readonly lateUntil: number }
  | { readonly is: 'CANCELED'; readonly at: number; readonly cause: CancelCause }
  | { readonly is: 'EXPIRED' | 'DEAD'; readonly at: number };

export type StateName = CommandState['is'];

/** A change of state as the history and `devices/{id}/outcomes` tell it. */
export interface Transition {
  /** unix ms */
  readonly at: number;
  readonly to: StateName;
  /** the fact that brought it about */
  readonly cause: string;
  /** leases so far */
  readonly attempt: number;
}

/** The place of a command in the job that sent it. */
export interface JobPlace {
  readonly id: string;
  /** of the device among the job's, from 0 */
  readonly number: number;
}

/** A command and all that became of it. Never changes; a transition makes the next one. */
export interface Command {
  /** a ULID: unique, and later ones sort behind earlier ones */
  readonly id: string;
  readonly device: string;
  /** number of the command among its device's, from 1 */
  readonly seq: number;
  readonly name: string;
  readonly paramsJson: string;
  /** set when it was published as a message: its params are the message's text */
  readonly message?: { /** null: the publisher named none */ readonly contentType: string | null } | undefined;
  /** set when a job sent it */
  readonly job?: JobPlace | undefined;
  /** what brought it about, as JSON: a turn of a plugin; left out: somebody outside of the hub */
  readonly origin?: string | undefined;
  readonly ack: AckLevel;
  readonly lane: string;
  /** 0 to 9; higher ones overtake lower ones of their lane */
  readonly priority: number;
  /** a newer command with the same key replaces this one while it waits */
  readonly key: string | undefined;
  /** unix ms */
  readonly createdAt: number;
  readonly ttlMs: number;
  /** unix ms after which it is no longer handed out */
  readonly expiresAt: number;
  /** how long the device may take for a result once it has said that it has the command */
  readonly timeoutMs: number;
  /** leases that count */
  readonly attempt: number;
  /** locks that were handed out, the newest last, at most `MAX_LOCKS` */
  readonly locks: readonly string[];
  readonly state: CommandState;
  /** the newest last, at most `MAX_HISTORY` */
  readonly history: readonly Transition[];
  /** older transitions that the history no longer holds */
  readonly forgotten: number;
}

/** A device may come back with any of its last locks. */
export const MAX_LOCKS = 16;
/** Ten deliveries with all that can happen to them fit; a device that only reports progress does not fill the disk. */
export const MAX_HISTORY = 64;

/** True when nothing of the command will be delivered any more; a late result may still change what it is. */
export function hasEnded(state: CommandState): state is EndedState {
  return !isWaiting(state) && !isInFlight(state);
}

/** True while a device has it, as far as the hub knows. */
export function isInFlight(state: CommandState): state is Extract<CommandState, { is: 'LEASED' | 'IN_PROGRESS' }> {
  return state.is === 'LEASED' || state.is === 'IN_PROGRESS';
}

export function isWaiting(state: CommandState): state is Extract<CommandState, { is: 'SCHEDULED' | 'QUEUED' }> {
  return state.is === 'SCHEDULED' || state.is === 'QUEUED';
}

/** When time alone will change the state, unix ms; undefined: never. */
export function dueAt(command: Command): number | undefined {
  const { state } = command;
  if (state.is === 'SCHEDULED') return state.notBefore;
  if (state.is === 'QUEUED') return command.expiresAt;
  return isInFlight(state) ? state.until : undefined;
}

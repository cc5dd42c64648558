/** A turn as it is handed out; docs/logic-servers.md shows each kind. */
export interface HandedTurn {
  /** names this handing out of it, and no other */
  readonly lock: string;
  /** 1 for the first */
  readonly attempt: number;
  /** `heating.event` */
  readonly handler: string;
  readonly kind: 'event' | 'outcome' | 'timer' | 'outbox';
  /** the device, or the key that a timer or an item of the outbox was given */
  readonly key: string;
  /** RFC 3339, by the hub's clock */
  readonly deadline: string;
  /** the same as seconds from now */
  readonly lease: number;
  /** events and outcomes that were dropped before it, at most; left out: none */
  readonly lost?: number;
  /** one of the four, as `kind` says */
  readonly event?: object;
  readonly outcome?: object;
  readonly timer?: object;
  readonly item?: object;
}

/** Who asks for turns of which logic server, or answers one. */
export interface Caller {
  readonly server: string;
  /** the value of Authorization */
  readonly authorization: string | undefined;
}

/** A request for turns. */
export interface TurnPollTerms {
  readonly waitMs: number;
  /** turns in the answer */
  readonly max: number;
}

/** A request for turns that waits for some. */
export interface WaitingPoll {
  /** none: none came in time */
  readonly turns: Promise<readonly HandedTurn[]>;
  /** Nobody waits for its answer any more: it takes no turn. */
  cancel(): void;
}

/** Which values of its state a logic server asks for. */
export interface StateQuery {
  /** undefined: what is kept for all keys together */
  readonly key: string | undefined;
  /** one value; undefined: all whose names begin with `prefix` */
  readonly name: string | undefined;
  readonly prefix: string;
}

export interface StateValue {
  readonly name: string;
  readonly value: unknown;
}

/** Logic servers that run outside of the hub and take their turns through a door. */
export abstract class LogicServers {
  /** @throws HubError `plugin_not_found`, `unauthorized`, `too_many_polls`, `plugin_failed` when it does not run */
  abstract nextTurns(caller: Caller, terms: TurnPollTerms): WaitingPoll;
  /**
   * A logic server says what a turn came to. The same lock again changes nothing.
   * @param reply as it was sent
   * @throws HubError as `nextTurns`; `turn_not_found`, `lock_lost`; `invalid_payload`, `not_granted`, `rate_exceeded`,
   * `loop_broken`, `turn_limit`: it may answer again until its lease is over; `revision_conflict` and what a commit is
   * refused with: the turn is over, and comes again
   */
  abstract answerTurn(caller: Caller, lock: string, reply: unknown): Promise<void>;
  /** @throws HubError as `nextTurns`; `turn_not_found`, `lock_lost`, `invalid_payload` */
  abstract readState(caller: Caller, lock: string, query: StateQuery): Promise<readonly StateValue[]>;
}

/**
 * Every error that the hub tells anyone, with its HTTP status and whether trying again can help.
 * docs/errors.md has a row for each; a test compares the two.
 */
export const errorCatalogue = {
  bad_request: { status: 400, retryable: false },
  bad_json: { status: 400, retryable: false },
  invalid_payload: { status: 422, retryable: false },
  invalid_device_id: { status: 400, retryable: false },
  invalid_event_type: { status: 400, retryable: false },
  invalid_position: { status: 400, retryable: false },
  invalid_channel_id: { status: 400, retryable: false },
  invalid_cursor: { status: 400, retryable: false },
  invalid_limit: { status: 400, retryable: false },
  unauthorized: { status: 401, retryable: false },
  forbidden: { status: 403, retryable: false },
  not_granted: { status: 403, retryable: false },
  plugin_not_found: { status: 404, retryable: false },
  turn_not_found: { status: 404, retryable: false },
  shadow_not_found: { status: 404, retryable: false },
  timer_not_found: { status: 404, retryable: false },
  dead_letter_not_found: { status: 404, retryable: false },
  message_not_found: { status: 404, retryable: false },
  command_not_found: { status: 404, retryable: false },
  channel_not_found: { status: 404, retryable: false },
  device_not_found: { status: 404, retryable: false },
  job_not_found: { status: 404, retryable: false },
  location_not_found: { status: 404, retryable: false },
  not_found: { status: 404, retryable: false },
  method_not_allowed: { status: 405, retryable: false },
  revision_conflict: { status: 409, retryable: true },
  device_gone: { status: 410, retryable: true },
  poll_taken_over: { status: 409, retryable: false },
  command_conflict: { status: 409, retryable: false },
  job_conflict: { status: 409, retryable: false },
  command_gone: { status: 410, retryable: false },
  lock_lost: { status: 412, retryable: false },
  idempotency_key_reused: { status: 422, retryable: false },
  too_many_polls: { status: 429, retryable: true },
  queue_full: { status: 429, retryable: true },
  version_conflict: { status: 412, retryable: false },
  recording_limit: { status: 429, retryable: true },
  job_limit: { status: 429, retryable: true },
  rate_exceeded: { status: 429, retryable: true },
  body_too_large: { status: 413, retryable: false },
  unsupported_media_type: { status: 415, retryable: false },
  misdirected_request: { status: 421, retryable: false },
  channel_limit: { status: 507, retryable: true },
  device_limit: { status: 507, retryable: true },
  log_full: { status: 507, retryable: true },
  engine_unavailable: { status: 503, retryable: true },
  state_full: { status: 507, retryable: false },
  timer_limit: { status: 507, retryable: false },
  outbox_full: { status: 507, retryable: true },
  loop_broken: { status: 508, retryable: false },
  turn_limit: { status: 422, retryable: false },
  turn_over: { status: 409, retryable: false },
  receiving_limit: { status: 503, retryable: true },
  connection_limit: { status: 503, retryable: true },
  plugin_failed: { status: 503, retryable: false },
  starting: { status: 503, retryable: true },
  stopping: { status: 503, retryable: true },
  internal: { status: 500, retryable: true },
} as const satisfies Record<string, { status: number; retryable: boolean }>;

export type ErrorCode = keyof typeof errorCatalogue;

/** What the hub throws: a code of the catalogue and a sentence with what happened, the value and the limit. */
export class HubError extends Error {
  constructor(
    readonly code: ErrorCode,
    message: string,
    options?: { cause?: unknown },
  ) {
    super(message, options);
    this.name = 'HubError';
  }

  get status(): number {
    return errorCatalogue[this.code].status;
  }

  get retryable(): boolean {
    return errorCatalogue[this.code].retryable;
  }

  /** Any thrown thing as a HubError; what the hub did not foresee becomes `internal`. */
  static from(error: unknown): HubError {
    if (error instanceof HubError) return error;
    const code = (error as { code?: unknown } | undefined)?.code;
    const message = error instanceof Error ? error.message : String(error);
    const isEngineError = error instanceof Error && error.name === 'EngineError';
    if (isEngineError && typeof code === 'string' && Object.hasOwn(errorCatalogue, code)) {
      return new HubError(code as ErrorCode, message, { cause: error });
    }
    return new HubError('internal', `The hub failed: ${message}`, { cause: error });
  }
}

import type { CommandOutcome, ReceivedCommand } from './command.js';
import type { HubAnswer, HubRequests } from './hub-requests.js';

/** Where commands come from, and where is told what became of them. */
export interface CommandSource {
  /** Waits for a command; what was told by `settle` before is acknowledged with it. Undefined: none came in time. */
  next(signal: AbortSignal): Promise<ReceivedCommand | undefined>;
  /** Tells what became of the command that came last, at once or with the next poll. */
  settle(command: ReceivedCommand, outcome: CommandOutcome, signal: AbortSignal): Promise<void>;
}

export interface SourceOptions {
  readonly device: string;
  /** how long a poll waits */
  readonly waitSeconds: number;
}

/** A poll whose answer is this much overdue is on a dead connection. */
const OVERDUE_MS = 10_000;
const REPORT_TIMEOUT_MS = 30_000;

/** The hub's own polls, /v1/devices/{id}/commands: each acknowledges the command before by its lock. */
export class QueueSource implements CommandSource {
  private lock = '';

  constructor(
    private readonly requests: HubRequests,
    private readonly options: SourceOptions,
  ) {}

  async next(signal: AbortSignal): Promise<ReceivedCommand | undefined> {
    const { device, waitSeconds } = this.options;
    const ack = this.lock === '' ? '' : `&ack=${encodeURIComponent(this.lock)}`;
    const path = `/v1/devices/${device}/commands?wait=${waitSeconds}${ack}`;
    const answer = await this.requests.send(path, { timeoutMs: waitSeconds * 1000 + OVERDUE_MS, signal });
    // Only now is it certain that the hub has the lock.
    this.lock = '';
    return commandIn(answer);
  }

  async settle(command: ReceivedCommand, outcome: CommandOutcome, signal: AbortSignal): Promise<void> {
    const { reply, lock, ack } = command;
    const saysMore = outcome.status !== 200 || outcome.data !== undefined || ack === 'result';
    if (reply === undefined || lock === undefined) return;
    if (!saysMore) {
      this.lock = lock;
      return;
    }
    const body = JSON.stringify({ status: outcome.status, data: outcome.data });
    const headers = { 'Content-Type': 'application/json' };
    await this.requests.send(`${reply}/result`, {
      method: 'POST',
      headers,
      body,
      timeoutMs: REPORT_TIMEOUT_MS,
      signal,
    });
  }
}

/** A push-module location that serves the device's command channel: the next poll tells by its conditions how far it is. */
export class LocationSource implements CommandSource {
  private conditions: Record<string, string> = {};
  private seen: Record<string, string> = {};

  constructor(
    private readonly requests: HubRequests,
    private readonly options: SourceOptions,
    /** path and query of the location, without the channel: `/sub?id=` */
    private readonly location: string,
  ) {}

  async next(signal: AbortSignal): Promise<ReceivedCommand | undefined> {
    const { device, waitSeconds } = this.options;
    const path = `${this.location}devices/${device}/commands`;
    const request = { headers: this.conditions, timeoutMs: waitSeconds * 1000, signal };
    const answer = await this.requests.send(path, request).catch((error: unknown) => {
      // The location waits as long as it is configured to; the client asks anew after its own time.
      if ((error as Error).name === 'TimeoutError') return undefined;
      throw error;
    });
    if (answer?.status !== 200) return undefined;
    this.seen = {
      'If-Modified-Since': answer.headers.get('last-modified') ?? '',
      'If-None-Match': answer.headers.get('etag') ?? '',
    };
    return commandIn(answer);
  }

  async settle(): Promise<void> {
    this.conditions = this.seen;
  }
}

/** @throws Error when the answer is not a command */
function commandIn({ status, text }: HubAnswer): ReceivedCommand | undefined {
  if (status !== 200) return undefined;
  const command = JSON.parse(text) as ReceivedCommand;
  if (typeof command?.id === 'string' && typeof command.name === 'string') return command;
  throw new Error(`The hub sent something that is no command: ${text.slice(0, 200)}`);
}

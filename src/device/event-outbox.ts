import { randomUUID } from 'node:crypto';
import { HubRefusal, type HubRequests } from './hub-requests.js';

export interface OutboxOptions {
  readonly device: string;
  /** events that wait; one more drops the oldest */
  readonly maxEvents: number;
}

/** Events in one request, and characters from which on it takes no further one. */
const MAX_BATCH = 100;
const MAX_BATCH_LENGTH = 256 * 1024;
const POST_TIMEOUT_MS = 30_000;

/**
 * Events on their way to the hub, in order. Each has an id of its own, so that one which was sent twice because an answer
 * was lost is stored once.
 */
export class EventOutbox {
  /** events that were dropped because too many waited */
  dropped = 0;
  private readonly lines: string[] = [];
  private readonly waiting: { resolve: () => void; reject: (error: Error) => void }[] = [];
  /** after the hub refused a batch: this many are sent one by one, to find the one that it refuses */
  private alone = 0;

  constructor(
    private readonly requests: HubRequests,
    private readonly options: OutboxOptions,
  ) {}

  get size(): number {
    return this.lines.length;
  }

  /** @throws TypeError when `data` cannot be written as JSON */
  add(type: string, data: unknown): void {
    this.lines.push(JSON.stringify({ id: randomUUID(), type, data: data ?? null }));
    if (this.lines.length <= this.options.maxEvents) return;
    this.lines.shift();
    this.dropped++;
  }

  /** Resolves when no event waits. @throws Error when the outbox is closed before */
  async emptied(): Promise<void> {
    if (this.size > 0) await new Promise<void>((resolve, reject) => this.waiting.push({ resolve, reject }));
  }

  /** Nothing will be sent any more. */
  close(): void {
    const error = new Error(`The device was stopped; ${this.size} events are not sent.`);
    for (const { reject } of this.waiting.splice(0)) reject(error);
  }

  /**
   * Sends the events that have waited longest; they leave the outbox when the hub has them.
   * @throws what HubRequests.send throws; after a HubRefusal for good its one event is out
   */
  async sendSome(signal: AbortSignal): Promise<void> {
    const batch = this.batch();
    try {
      await this.requests.send(`/v1/devices/${this.options.device}/events`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/x-ndjson' },
        body: batch.join('\n'),
        timeoutMs: POST_TIMEOUT_MS,
        signal,
      });
    } catch (error) {
      if (!(error instanceof HubRefusal) || !error.isForGood) throw error;
      if (batch.length > 1) {
        this.alone = batch.length;
        return;
      }
      this.takeOut(batch);
      throw error;
    }
    this.takeOut(batch);
  }

  private batch(): string[] {
    if (this.alone > 0) return this.lines.slice(0, 1);
    let length = 0;
    const end = this.lines.slice(0, MAX_BATCH).findIndex((line) => {
      length += line.length;
      return length > MAX_BATCH_LENGTH;
    });
    return this.lines.slice(0, end < 0 ? MAX_BATCH : Math.max(end, 1));
  }

  /** Takes out what was sent, unless it was dropped meanwhile. */
  private takeOut(batch: readonly string[]): void {
    const sent = new Set(batch);
    while (this.lines.length > 0 && sent.has(this.lines[0] as string)) this.lines.shift();
    this.alone = Math.max(this.alone - batch.length, 0);
    if (this.lines.length > 0) return;
    for (const { resolve } of this.waiting.splice(0)) resolve();
  }
}

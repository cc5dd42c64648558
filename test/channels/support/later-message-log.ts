import {
  type ChannelKeyRange,
  type ChannelLog,
  EngineError,
  type LogStats,
  type MessageLog,
  type NewMessage,
  type StoredMessage,
} from '../../../src/engine/message-log.js';
import type { Position } from '../../../src/engine/position.js';

/** An engine that does what it is asked at once, and tells the outcome when the test lets it. */
export class LaterMessageLog implements MessageLog {
  /** true: whatever it is asked fails */
  isAway = false;
  private readonly untold: (() => void)[] = [];
  private readonly logs = new Map<string, ChannelLog>();

  /** @param tells `later`: when the test calls `tell`; `itself`: as soon as the outcome is there */
  constructor(
    private readonly engine: MessageLog,
    private readonly tells: 'later' | 'itself' = 'later',
  ) {}

  open(channel: string): ChannelLog {
    const opened = this.logs.get(channel) ?? this.later(this.engine.open(channel));
    this.logs.set(channel, opened);
    return opened;
  }

  has(channel: string): boolean {
    return this.engine.has(channel);
  }

  channels(range: ChannelKeyRange): readonly string[] {
    return this.engine.channels(range);
  }

  groups(): readonly string[] {
    return this.engine.groups();
  }

  sweepStored(limit: number): readonly string[] {
    return this.engine.sweepStored(limit);
  }

  sweep(): void {
    this.engine.sweep();
  }

  async settled(): Promise<void> {
    await this.engine.settled();
  }

  release(channel: string): boolean {
    return this.engine.release(channel) && this.logs.delete(channel);
  }

  remove(channel: string): void {
    this.logs.delete(channel);
    this.engine.remove(channel);
  }

  stats(): LogStats {
    return this.engine.stats();
  }

  close(): Promise<void> {
    return this.engine.close();
  }

  /** Tells all outcomes in the order of the questions, and lets those who asked go on. */
  async tell(): Promise<void> {
    for (const settle of this.untold.splice(0)) settle();
    await new Promise((resolve) => setImmediate(resolve));
  }

  /** Tells the outcomes of the last `count` questions before those of the earlier ones. */
  async tellLast(count: number): Promise<void> {
    const earlier = this.untold.splice(0, this.untold.length - count);
    await this.tell();
    this.untold.unshift(...earlier);
  }

  private later(log: ChannelLog): ChannelLog {
    return Object.create(log, {
      append: { value: (message: NewMessage) => this.outcomeOf<StoredMessage>(() => log.append(message)) },
      next: { value: (after: Position) => this.outcomeOf(() => log.next(after)) },
      read: { value: (after: Position, limit: number) => this.outcomeOf(() => log.read(after, limit)) },
      dropOldest: { value: () => log.dropOldest() },
      dropExpired: { value: () => log.dropExpired() },
    });
  }

  private outcomeOf<T>(act: () => T | Promise<T>): Promise<T> {
    const outcome = (async () => {
      if (this.isAway) throw new EngineError('engine_unavailable', 'The engine is away.');
      return act();
    })();
    if (this.tells === 'itself') return outcome;
    // Who asked hears of a failure; until then nobody has to.
    outcome.catch(() => {});
    return new Promise((resolve) => this.untold.push(() => resolve(outcome)));
  }
}

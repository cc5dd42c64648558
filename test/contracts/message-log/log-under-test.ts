import type { MaybePromise, MessageLog, NewMessage, StoredMessage } from '../../../src/engine/message-log.js';
import { BEFORE_ALL } from '../../../src/engine/position.js';
import { ManualClock } from '../../support/manual-clock.js';
import type { EngineUnderTest } from '../record-table/engine-under-test.js';

/** What an engine is made with for a test. */
export interface LogSetting {
  readonly clock: ManualClock;
  readonly maxBytes: number;
  readonly maxMessages: number;
}

/** An engine as the contract runs it. */
export interface LogUnderTest {
  readonly log: MessageLog;
  /** what it keeps outlasts `restart` */
  readonly isDurable: boolean;
  /** Closes it and opens another over what it left behind: all of it, or nothing for one that keeps in memory. */
  restart(): Promise<LogUnderTest>;
  close(): Promise<void>;
}

/** An engine's messages as the contract runs them. */
export function logOf({ engine, isDurable, restart }: EngineUnderTest): LogUnderTest {
  return {
    log: engine.messages,
    isDurable,
    restart: async () => logOf(await restart()),
    close: () => engine.close(),
  };
}

export type MakeLog = (setting: LogSetting) => MaybePromise<LogUnderTest>;

/** A setting with room for all that most tests store. */
export function wideSetting(changed: Partial<LogSetting> = {}): LogSetting {
  return { clock: new ManualClock(), maxBytes: 10_000_000, maxMessages: 10_000, ...changed };
}

/** A message that is kept without end, among as many as come, but for what is given. */
export function draft(body: string | Buffer = '', changed: Partial<NewMessage> = {}): NewMessage {
  return {
    body: Buffer.from(body),
    contentType: null,
    expiresAt: Number.POSITIVE_INFINITY,
    store: true,
    keepAtMost: 1_000_000,
    keepAtLeast: 0,
    ...changed,
  };
}

export function bodiesOf(messages: readonly StoredMessage[]): string[] {
  return messages.map(({ body }) => body.toString());
}

/** The bodies of all messages that a reader of `channel` meets who starts at the beginning. */
export async function bodiesIn(log: MessageLog, channel: string): Promise<string[]> {
  return bodiesOf(await log.open(channel).read(BEFORE_ALL, 1_000_000));
}

/** Publishes each body in turn. */
export async function fill(log: MessageLog, channel: string, bodies: readonly string[]): Promise<StoredMessage[]> {
  const stored: StoredMessage[] = [];
  for (const body of bodies) stored.push(await log.open(channel).append(draft(body)));
  return stored;
}

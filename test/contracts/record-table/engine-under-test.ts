import type { Engine, RecordChange } from '../../../src/engine/engine.js';
import type { MaybePromise } from '../../../src/engine/message-log.js';
import type { Revision } from '../../../src/engine/record-table.js';
import type { LogSetting } from '../message-log/log-under-test.js';

/** An engine as the contract runs it. */
export interface EngineUnderTest {
  readonly engine: Engine;
  /** what it keeps outlasts `restart` */
  readonly isDurable: boolean;
  /** Closes it and opens another over what it left behind: all of it, or nothing for one that keeps in memory. */
  restart(): Promise<EngineUnderTest>;
}

export type MakeEngine = (setting: LogSetting) => MaybePromise<EngineUnderTest>;

/** A record written whatever is there, but for what is given. */
export function put(key: string, value: string, changed: Partial<RecordChange> = {}): RecordChange {
  return { table: 'things', key, value, ...changed };
}

/** A record deleted whatever is there, but for what is given. */
export function removal(key: string, changed: Partial<RecordChange> = {}): RecordChange {
  return { table: 'things', key, value: undefined, ...changed };
}

/** Commits records alone. Returns the revision that they have now. */
export async function write(engine: Engine, ...records: RecordChange[]): Promise<Revision> {
  return (await engine.commit({ records })).revision;
}

/** `key=value` of each record of the whole table, in order. */
export async function allOf(engine: Engine, table = 'things'): Promise<string[]> {
  return (await engine.table(table).range({ limit: 10_000 })).map(({ key, value }) => `${key}=${value}`);
}

/** The change set is refused for a record that was changed meanwhile. */
export async function conflictOf(committed: () => unknown): Promise<string> {
  const outcome = await (async () => committed())().then(
    () => undefined,
    (error: Error & { code?: string }) => error,
  );
  if (outcome?.name !== 'EngineError' || outcome.code !== 'revision_conflict') {
    throw new Error(`There was no conflict but ${outcome ?? 'success'}.`);
  }
  return outcome.message;
}

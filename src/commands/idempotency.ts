import { HubError } from '../channels/hub-error.js';
import type { RecordChange } from '../engine/engine.js';
import type { StoredRecord } from '../engine/record-table.js';
import { type KeyRecord, keyRecordOf, toRecord } from './store/command-json.js';
import { EXPIRIES, expiryKey } from './store/tables.js';

/**
 * What the same request made before.
 * @param record that of its Idempotency-Key
 * @param digest of the request
 * @param now unix ms
 * @returns the id of the command or the job; undefined: the key is new, or was forgotten
 * @throws HubError `idempotency_key_reused`
 */
export function madeBefore(record: StoredRecord | undefined, digest: string, now: number): string | undefined {
  const used = record && keyRecordOf(record.value);
  if (!used || used.expiresAt <= now) return undefined;
  if (used.digest === digest) return used.id;
  const key = record.key.slice(record.key.indexOf('/') + 1);
  throw new HubError(
    'idempotency_key_reused',
    `The Idempotency-Key "${key}" was used for another request, which made "${used.id}"; a new one needs a new key.`,
  );
}

/** Remembers a key until it expires, in the place of what it stood for before. */
export function keyChanges(
  table: string,
  key: string,
  used: KeyRecord,
  old: StoredRecord | undefined,
): readonly RecordChange[] {
  const entry = (at: number) => expiryKey(at, table, key);
  const changes: RecordChange[] = [
    { table, key, value: toRecord(used), ifRevision: old?.revision ?? 0 },
    { table: EXPIRIES, key: entry(used.expiresAt), value: '1' },
  ];
  if (!old) return changes;
  return [{ table: EXPIRIES, key: entry(keyRecordOf(old.value).expiresAt), value: undefined }, ...changes];
}

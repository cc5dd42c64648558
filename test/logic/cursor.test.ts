import { describe, expect, it } from '@jest/globals';
import { writtenChange } from '../../src/engine/engine.js';
import { Cursor, type OpenEntry } from '../../src/logic/journal/cursor.js';
import type { JournalEntry } from '../../src/logic/journal/journal-entry.js';
import { CURSORS, TURNS } from '../../src/logic/store/tables.js';

const INTEREST = '"patterns":["#"],"outcomes":[]';

function entry(seq: number): JournalEntry {
  return { position: seq * 10, seq, channel: 'c', eventPosition: 1, publishedAt: 0, body: Buffer.of(), cause: '' };
}

/** A cursor at the beginning whose record has revision 1. */
function written(): Cursor {
  const cursor = new Cursor('p', 0, 0, []);
  cursor.write(INTEREST).done(1);
  return cursor;
}

function recordOf(cursor: Cursor, open: OpenEntry, handler = 'h') {
  const { table, key, value, ifRevision } = writtenChange(cursor.recordOf(open, handler, INTEREST));
  return { table, key, ifRevision, mark: table === CURSORS ? JSON.parse(value as string) : undefined };
}

describe('What a turn commits about its event', () => {
  it('is the mark, from where it was, when nothing before it is open', () => {
    const cursor = written();
    const [first, second] = [cursor.begin(entry(1), 1), cursor.begin(entry(2), 1)];
    const mark = { position: 10, seq: 1, patterns: ['#'], outcomes: [] };
    expect(recordOf(cursor, first)).toEqual({ table: CURSORS, key: 'p', ifRevision: 1, mark });
    cursor.passed(first, true, 5);
    cursor.complete(first, undefined);
    expect(cursor.isUnwritten).toBe(false);
    expect(recordOf(cursor, second)).toMatchObject({ table: CURSORS, ifRevision: 5, mark: { position: 20, seq: 2 } });
  });

  it('is a note while an event before it is open, and stays one', () => {
    const cursor = written();
    const [first, second] = [cursor.begin(entry(1), 1), cursor.begin(entry(2), 1)];
    const note = { table: TURNS, key: 'p/0000000000000020/h', ifRevision: 0, mark: undefined };
    expect(recordOf(cursor, second)).toEqual(note);
    cursor.complete(first, undefined);
    expect(recordOf(cursor, second)).toEqual(note);
  });

  it('is a note of each handler when there are several', () => {
    const cursor = written();
    const open = cursor.begin(entry(1), 2);
    expect(recordOf(cursor, open, 'a').table).toBe(TURNS);
    cursor.complete(open, 'key of a');
    expect(recordOf(cursor, open, 'b').table).toBe(TURNS);
  });

  it('is a note while the revision of the mark is not known', () => {
    const fresh = new Cursor('p', 0, 0, []);
    expect(recordOf(fresh, fresh.begin(entry(1), 1)).table).toBe(TURNS);
    const cursor = written();
    const { done } = cursor.write(INTEREST);
    expect(recordOf(cursor, cursor.begin(entry(1), 1)).table).toBe(TURNS);
    done(9);
    expect(cursor.isUnwritten).toBe(false);
  });

  it('is the same again when its commit was told to have failed, so that it meets what may be there', () => {
    const cursor = written();
    const open = cursor.begin(entry(1), 1);
    const once = recordOf(cursor, open);
    expect(cursor.isTaken).toBe(true);
    expect(recordOf(cursor, open)).toEqual(once);
    cursor.passed(open, true, undefined);
    cursor.complete(open, undefined);
    expect(cursor.isTaken).toBe(false);
    expect(recordOf(cursor, cursor.begin(entry(2), 1)).table).toBe(TURNS);
  });

  it('leaves to be written what was done beyond the mark that it moved', () => {
    const cursor = written();
    const [first, second] = [cursor.begin(entry(1), 1), cursor.begin(entry(2), 1)];
    const note = recordOf(cursor, second);
    recordOf(cursor, first);
    cursor.complete(second, note.key);
    cursor.passed(first, true, 7);
    cursor.complete(first, undefined);
    expect(cursor.writtenMark).toBe(10);
    expect(cursor.write(INTEREST).records.map(writtenChange)).toMatchObject([
      { table: CURSORS, value: expect.stringContaining('"position":20') },
      { table: TURNS, key: note.key, value: undefined },
    ]);
  });

  it('is deleted after a restart too, when it is a note that the mark had passed before', () => {
    const cursor = new Cursor('p', 30, 3, ['p/0000000000000020/h', 'p/0000000000000030/h', 'p/0000000000000040/h']);
    expect(cursor.isUnwritten).toBe(true);
    const { records, done } = cursor.write(INTEREST);
    expect(records.map(writtenChange)).toMatchObject([
      { table: CURSORS, value: expect.stringContaining('"position":30') },
      { table: TURNS, key: 'p/0000000000000020/h', value: undefined },
      { table: TURNS, key: 'p/0000000000000030/h', value: undefined },
    ]);
    done(2);
    expect(cursor.isUnwritten).toBe(false);
    expect([cursor.wasDone(30, 'h'), cursor.wasDone(40, 'h')]).toEqual([false, true]);
  });
});

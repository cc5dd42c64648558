import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { channelKey } from '../../../src/engine/channel-key.js';
import type { MessageLog } from '../../../src/engine/message-log.js';
import { compareUtf8 } from '../../../src/engine/utf8-order.js';
import { bodiesIn, draft, fill, type MakeLog, wideSetting } from './log-under-test.js';

/** Which channels there are, and what outlasts a restart. */
export function channelsOf(makeLog: MakeLog): void {
  it('knows which channels there are, and how many', async () => {
    const { log } = await makeLog(wideSetting());
    expect([log.has('a'), log.stats().channels]).toEqual([false, 0]);
    log.open('empty');
    await fill(log, 'a', ['1']);
    expect([log.has('a'), log.has('empty'), log.has('b'), log.stats().channels]).toEqual([true, true, false, 2]);
    log.remove('a');
    expect([log.has('a'), log.stats().channels]).toEqual([false, 1]);
  });

  it('lists the channels of a group in the order of their ids, page by page, stored or not', async () => {
    const id = fc.oneof(
      fc.string({ unit: fc.constantFrom('a', 'b', '/', 'é', '\uffee', '\u{1f600}'), maxLength: 4 }),
      fc.nat({ max: 3 }).map((n) => `${'long'.repeat(500)}${n}`),
    );
    const name = fc.record({ group: fc.constantFrom('', 'g', 'h'), id, isStored: fc.boolean(), isGone: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(
        fc.array(name, { maxLength: 30 }),
        id,
        fc.integer({ min: 1, max: 4 }),
        async (names, prefix, limit) => {
          const { log, close } = await makeLog(wideSetting());
          const left = new Map<string, Set<string>>();
          for (const { group, id, isStored, isGone } of names) {
            const key = channelKey(group, id);
            if (isStored) await log.open(key).append(draft(''));
            else log.open(key);
            const ids = left.get(group) ?? new Set();
            if (isGone) log.remove(key);
            if (isGone) ids.delete(id);
            else ids.add(id);
            if (ids.size > 0) left.set(group, ids);
            else left.delete(group);
          }
          expect(log.groups()).toEqual([...left.keys()].sort(compareUtf8));
          for (const group of ['', 'g', 'h']) {
            const expected = [...(left.get(group) ?? [])].filter((id) => id.startsWith(prefix)).sort(compareUtf8);
            const listed = idsIn(log, group, prefix, limit);
            expect(withoutLong(listed)).toEqual(withoutLong(expected));
            expect(new Set(listed)).toEqual(new Set(expected));
          }
          await close();
        },
      ),
      { numRuns: 60 },
    );
  });

  it('keeps notes, messages, lengths and channels over a restart, or nothing of it', async () => {
    const before = await makeLog(wideSetting());
    const [first, second] = await fill(before.log, 'a', ['1', '2', '3']);
    before.log.open('a').dropOldest();
    before.log.open('a').note('notes of a');
    before.log.open('noted').note('notes alone');
    before.log.open('neither');
    await fill(before.log, channelKey('group', 'b'), ['x']);
    const { log, isDurable } = await before.restart();
    expect(await bodiesIn(log, 'a')).toEqual(isDurable ? ['2', '3'] : []);
    expect(log.open('a').first).toBe(isDurable ? second?.position : undefined);
    expect(log.open('a').isDurable).toBe(isDurable);
    expect([log.open('a').notes, log.open('noted').notes]).toEqual(
      isDurable ? ['notes of a', 'notes alone'] : [undefined, undefined],
    );
    expect([log.has('neither'), log.groups()]).toEqual([false, isDurable ? ['', 'group'] : ['']]);
    const next = await log.open('a').next(first?.position as number);
    expect(next?.body.toString()).toBe(isDurable ? '2' : undefined);
  });

  it('leads a reader on over a restart: nothing missed, nothing twice', async () => {
    const setting = wideSetting();
    const before = await makeLog(setting);
    const stored = await fill(before.log, 'a', ['1', '2', '3']);
    setting.clock.advance(1_000);
    const { log, isDurable } = await before.restart();
    await fill(log, 'a', ['4']);
    const met = await log.open('a').read(stored[1]?.position as number, 10);
    expect(met.map(({ body }) => body.toString())).toEqual(isDurable ? ['3', '4'] : ['4']);
  });

  it('finds channels on disk without messages, or with expired ones, in steps, each once a round', async () => {
    const setting = wideSetting();
    const before = await makeLog(setting);
    for (const name of ['brief', 'empty', 'lasting', 'second']) {
      const lifeMs = name === 'lasting' ? 9_000 : 1_000;
      await before.log.open(name).append(draft('', { expiresAt: setting.clock.now() + lifeMs }));
    }
    before.log.open('empty').dropOldest();
    const { log, isDurable } = await before.restart();
    const round = () => [log.sweepStored(3), log.sweepStored(3)].flat();
    expect(round()).toEqual(isDurable ? ['empty'] : []);
    setting.clock.advance(1_000);
    expect(round()).toEqual(isDurable ? ['brief', 'empty', 'second'] : []);
  });
}

function idsIn(log: MessageLog, group: string, prefix: string, limit: number): string[] {
  const ids: string[] = [];
  for (;;) {
    const page = log.channels({ group, prefix, after: ids.at(-1), limit });
    if (page.length === 0) return ids;
    expect(page.length).toBeLessThanOrEqual(limit);
    ids.push(...page.map((key) => (group === '' ? key : key.slice(group.length + 1))));
  }
}

/** Ids that begin alike for very long stand in any fixed order. */
function withoutLong(ids: readonly string[]): string[] {
  return ids.filter((id) => id.length < 100);
}

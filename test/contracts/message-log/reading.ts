import { expect, it } from '@jest/globals';
import { BEFORE_ALL, type Position } from '../../../src/engine/position.js';
import { bodiesIn, bodiesOf, draft, fill, type MakeLog, wideSetting } from './log-under-test.js';

const EVERY_BYTE = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));

/** What was published is what is read, in order, from any place. */
export function readingOf(makeLog: MakeLog): void {
  it('gives back what was published, byte for byte', async () => {
    const setting = wideSetting();
    const { log } = await makeLog(setting);
    const expiresAt = setting.clock.now() + 5_000;
    const contentType = 'text/html; charset="utf-8"';
    const stored = await log.open('a').append(draft(EVERY_BYTE, { contentType, expiresAt }));
    const read = await log.open('a').next(BEFORE_ALL);
    expect(read?.body.equals(EVERY_BYTE)).toBe(true);
    expect(read).toMatchObject({ contentType, expiresAt, position: stored.position, publishedAt: setting.clock.now() });
  });

  it('keeps an empty message, and one without a Content-Type', async () => {
    const { log } = await makeLog(wideSetting());
    await log.open('a').append(draft());
    const read = await log.open('a').next(BEFORE_ALL);
    expect(read?.body.length).toBe(0);
    expect(read?.contentType).toBeNull();
  });

  it('leads a reader from message to message, each once and in order', async () => {
    const { log } = await makeLog(wideSetting());
    const bodies = Array.from({ length: 30 }, (_, i) => `m${i}`);
    await fill(log, 'a', bodies);
    const met: string[] = [];
    let after: Position = BEFORE_ALL;
    for (;;) {
      const message = await log.open('a').next(after);
      if (!message) break;
      met.push(message.body.toString());
      after = message.position;
    }
    expect(met).toEqual(bodies);
  });

  it('goes on behind any position: of a message, between two, before the first, ahead of all', async () => {
    const setting = wideSetting();
    const { log } = await makeLog(setting);
    const [first] = await fill(log, 'a', ['1']);
    setting.clock.advance(3_000);
    const [second] = await fill(log, 'a', ['2']);
    const channel = log.open('a');
    const bodyBehind = async (after: Position) => (await channel.next(after))?.body.toString();
    const [p1, p2] = [first?.position as Position, second?.position as Position];
    expect(await Promise.all([1, p1 - 1, p1, p1 + 1, p2 - 1].map(bodyBehind))).toEqual(['1', '1', '2', '2', '2']);
    expect(await Promise.all([p2, p2 + 1, Number.MAX_SAFE_INTEGER].map(bodyBehind))).toEqual(Array(3).fill(undefined));
  });

  it('reads a page of at most as many messages as asked for', async () => {
    const { log } = await makeLog(wideSetting());
    const [first] = await fill(log, 'a', ['1', '2', '3', '4']);
    const behindFirst = (limit: number) => log.open('a').read(first?.position as Position, limit);
    expect(bodiesOf(await behindFirst(2))).toEqual(['2', '3']);
    expect(bodiesOf(await behindFirst(9))).toEqual(['2', '3', '4']);
    expect(bodiesOf(await log.open('a').read(log.open('a').last, 9))).toEqual([]);
  });

  it('keeps channels apart, whatever their names are', async () => {
    const { log } = await makeLog(wideSetting());
    const names = ['a', 'A', 'a/b', 'a%2Fb', 'group\0a', 'küche', '', ' ', 'x'.repeat(8_192)];
    for (const name of names) await log.open(name).append(draft(`of ${name}`));
    for (const name of names) expect(await bodiesIn(log, name)).toEqual([`of ${name}`]);
  });

  it('opens the same log for the same channel until that is removed', async () => {
    const { log } = await makeLog(wideSetting());
    const opened = log.open('a');
    expect(log.open('a')).toBe(opened);
    await opened.append(draft('old'));
    log.remove('a');
    expect(log.open('a').length).toBe(0);
    expect(log.open('a').first).toBeUndefined();
    expect(await bodiesIn(log, 'a')).toEqual([]);
    await log.open('a').append(draft('new'));
    expect(await bodiesIn(log, 'a')).toEqual(['new']);
  });

  it('does nothing when a channel is removed that is not there', async () => {
    const { log } = await makeLog(wideSetting());
    await fill(log, 'a', ['1']);
    log.remove('b');
    expect(await bodiesIn(log, 'a')).toEqual(['1']);
  });
}

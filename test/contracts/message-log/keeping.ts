import { expect, it } from '@jest/globals';
import { MESSAGE_OVERHEAD_BYTES } from '../../../src/engine/kept-message.js';
import type { MessageLog } from '../../../src/engine/message-log.js';
import { BEFORE_ALL } from '../../../src/engine/position.js';
import { bodiesIn, draft, fill, type MakeLog, wideSetting } from './log-under-test.js';

/** How long messages stay: buffer lengths and expiry. */
export function keepingOf(makeLog: MakeLog): void {
  it('drops the oldest when the buffer is full', async () => {
    const { log } = await makeLog(wideSetting());
    for (const body of ['1', '2', '3', '4']) await log.open('a').append(draft(body, { keepAtMost: 2 }));
    expect(await bodiesIn(log, 'a')).toEqual(['3', '4']);
    expect(log.open('a').length).toBe(2);
    expect(log.open('a').first).toBe((await log.open('a').next(BEFORE_ALL))?.position);
  });

  it('keeps with a message what brought it about, counts it, and keeps nothing for others', async () => {
    const before = await makeLog(wideSetting());
    const cause = JSON.stringify({ plugin: 'thermostat', handler: 'thermostat.regulate', depth: 1 });
    const told = await before.log.open('a').append(draft('warm', { cause, contentType: 'text/plain' }));
    await before.log.open('a').append(draft('cold', { cause }));
    await before.log.open('a').append(draft('plain', { contentType: 'text/plain' }));
    expect([told.cause, told.contentType]).toEqual([cause, 'text/plain']);
    const all = [
      ['warm', 'text/plain', cause],
      ['cold', null, cause],
      ['plain', 'text/plain', undefined],
    ];
    expect(await partsIn(before.log)).toEqual(all);
    const { bytes } = before.log.open('a');
    expect(bytes).toBe(
      3 * MESSAGE_OVERHEAD_BYTES + 'warmcoldplain'.length + 2 * ('text/plain'.length + 2 + cause.length),
    );
    const { log, isDurable } = await before.restart();
    expect(await partsIn(log)).toEqual(isDurable ? all : []);
    expect(log.open('a').bytes).toBe(isDurable ? bytes : 0);
  });

  it('drops one message an append when the buffer became shorter', async () => {
    const { log } = await makeLog(wideSetting());
    await fill(log, 'a', ['1', '2', '3', '4']);
    await log.open('a').append(draft('5', { keepAtMost: 2 }));
    expect(await bodiesIn(log, 'a')).toEqual(['2', '3', '4', '5']);
  });

  it('keeps nothing and drops nothing for a message that is not to be stored, or in a buffer of 0', async () => {
    const { log } = await makeLog(wideSetting());
    await fill(log, 'a', ['1', '2']);
    await log.open('a').append(draft('passing', { store: false, keepAtMost: 1 }));
    await log.open('a').append(draft('passing', { keepAtMost: 0 }));
    expect(await bodiesIn(log, 'a')).toEqual(['1', '2']);
    expect(log.stats().messages).toBe(2);
  });

  it('drops the oldest on demand, and nothing when there is none', async () => {
    const { log } = await makeLog(wideSetting());
    await fill(log, 'a', ['1', '2']);
    log.open('a').dropOldest();
    expect(await bodiesIn(log, 'a')).toEqual(['2']);
    log.open('a').dropOldest();
    log.open('a').dropOldest();
    expect(await bodiesIn(log, 'a')).toEqual([]);
    expect(log.open('a').length).toBe(0);
  });

  it('gives a message out up to its last millisecond and not after', async () => {
    const setting = wideSetting();
    const { log } = await makeLog(setting);
    await log.open('a').append(draft('brief', { expiresAt: setting.clock.now() + 2_000 }));
    setting.clock.advance(1_999);
    expect(await bodiesIn(log, 'a')).toEqual(['brief']);
    setting.clock.advance(1);
    expect(await log.open('a').next(BEFORE_ALL)).toBeUndefined();
    expect(await bodiesIn(log, 'a')).toEqual([]);
  });

  it('passes over an expired message between others', async () => {
    const setting = wideSetting();
    const { log } = await makeLog(setting);
    const [first] = await fill(log, 'a', ['1']);
    await log.open('a').append(draft('brief', { expiresAt: setting.clock.now() + 1_000 }));
    await fill(log, 'a', ['3']);
    setting.clock.advance(1_000);
    expect((await log.open('a').next(first?.position as number))?.body.toString()).toBe('3');
    expect(await bodiesIn(log, 'a')).toEqual(['1', '3']);
  });

  it('drops what has expired at the head, tells how many, and drops no more', async () => {
    const setting = wideSetting();
    const { log } = await makeLog(setting);
    const inMs = (ms: number) => ({ expiresAt: setting.clock.now() + ms });
    await log.open('a').append(draft('1', inMs(1_000)));
    await log.open('a').append(draft('2', inMs(1_000)));
    await log.open('a').append(draft('3', inMs(9_000)));
    await log.open('a').append(draft('4', inMs(1_000)));
    expect(log.open('a').dropExpired()).toBe(0);
    setting.clock.advance(1_000);
    expect(log.open('a').dropExpired()).toBe(2);
    expect(log.open('a').dropExpired()).toBe(0);
    expect(log.open('a').length).toBe(2);
    expect(await bodiesIn(log, 'a')).toEqual(['3']);
  });
}

async function partsIn(log: MessageLog): Promise<unknown[]> {
  const messages = await log.open('a').read(BEFORE_ALL, 9);
  return messages.map(({ body, contentType, cause }) => [body.toString(), contentType, cause]);
}

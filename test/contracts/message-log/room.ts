import { expect, it } from '@jest/globals';
import type { MessageLog, NewMessage } from '../../../src/engine/message-log.js';
import { bodiesIn, draft, fill, type MakeLog, wideSetting } from './log-under-test.js';

/** Who has to go when there is no room, and when a publisher is refused. */
export function roomOf(makeLog: MakeLog): void {
  it('counts what all channels keep', async () => {
    const { log } = await makeLog(wideSetting({ maxBytes: 1_000_000 }));
    await fill(log, 'a', ['x'.repeat(1_000), 'y'.repeat(500)]);
    await fill(log, 'b', ['z'.repeat(2_000)]);
    const { messages, bytes, maxBytes } = log.stats();
    expect({ messages, maxBytes }).toEqual({ messages: 3, maxBytes: 1_000_000 });
    expect(bytes).toBeGreaterThanOrEqual(3_500);
    expect(bytes).toBe(log.open('a').bytes + log.open('b').bytes);
  });

  it('gives the room back when messages are dropped and channels removed', async () => {
    const setting = wideSetting();
    const { log } = await makeLog(setting);
    await fill(log, 'a', ['1', '2']);
    await log.open('b').append(draft('brief', { expiresAt: setting.clock.now() + 1 }));
    log.open('a').dropOldest();
    log.remove('a');
    setting.clock.advance(1);
    log.open('b').dropExpired();
    expect(log.stats()).toMatchObject({ messages: 0, bytes: 0 });
  });

  it('evicts the oldest of the channel itself, only as many as needed', async () => {
    const { log } = await makeLog(wideSetting({ maxBytes: 10_000 }));
    await fill(log, 'other', ['o'.repeat(2_000)]);
    await fill(log, 'a', ['1'.repeat(2_000), '2'.repeat(2_000), '3'.repeat(2_000)]);
    await log.open('a').append(draft('4'.repeat(4_500), { keepAtLeast: 1 }));
    expect((await bodiesIn(log, 'a')).map((body) => body[0])).toEqual(['3', '4']);
    expect(await bodiesIn(log, 'other')).toHaveLength(1);
  });

  it('evicts no more than keepAtLeast allows, and nothing at all when that would not suffice', async () => {
    const { log } = await makeLog(wideSetting({ maxBytes: 10_000 }));
    const bodies = ['1', '2', '3'].map((digit) => digit.repeat(3_000));
    await fill(log, 'a', bodies);
    await expectFull(log, 'a', draft('x'.repeat(6_000), { keepAtLeast: 2 }));
    await expectFull(log, 'a', draft('x'.repeat(11_000)));
    await expectFull(log, 'b', draft('x'.repeat(2_000)));
    expect(await bodiesIn(log, 'a')).toEqual(bodies);
    await log.open('a').append(draft('4'.repeat(3_000), { keepAtLeast: 2 }));
    expect((await bodiesIn(log, 'a')).map((body) => body[0])).toEqual(['2', '3', '4']);
  });

  it('holds no more messages than allowed, of all channels together', async () => {
    const { log } = await makeLog(wideSetting({ maxMessages: 3 }));
    await fill(log, 'a', ['1', '2']);
    await fill(log, 'b', ['1']);
    await expectFull(log, 'c', draft('1'));
    await fill(log, 'b', ['2']);
    expect(await bodiesIn(log, 'b')).toEqual(['2']);
    expect(await bodiesIn(log, 'a')).toEqual(['1', '2']);
  });

  it('lets a full buffer go on at its length, for its oldest would go anyway', async () => {
    const { log } = await makeLog(wideSetting({ maxMessages: 3 }));
    const policy = { keepAtMost: 3, keepAtLeast: 3 };
    for (const body of ['1', '2', '3', '4', '5']) await log.open('a').append(draft(body, policy));
    expect(await bodiesIn(log, 'a')).toEqual(['3', '4', '5']);
    await log.open('a').append(draft('6', { keepAtMost: 1, keepAtLeast: 1 }));
    expect((await bodiesIn(log, 'a')).at(-1)).toBe('6');
  });

  it('makes room from what has expired, in this channel and in others, before it evicts', async () => {
    const setting = wideSetting({ maxMessages: 4 });
    const { log } = await makeLog(setting);
    const brief = { expiresAt: setting.clock.now() + 1_000 };
    await log.open('gone').append(draft('1', brief));
    await log.open('gone').append(draft('2', brief));
    await log.open('a').append(draft('3', brief));
    await fill(log, 'a', ['4']);
    const opened = ['gone', 'a'].map((name) => log.open(name));
    setting.clock.advance(1_000);
    await fill(log, 'a', ['5', '6', '7']);
    expect(['gone', 'a'].map((name) => log.open(name) === opened.shift())).toEqual([true, true]);
    expect(await bodiesIn(log, 'a')).toEqual(['4', '5', '6', '7']);
  });

  it('needs no room for a message that it does not keep', async () => {
    const { log } = await makeLog(wideSetting({ maxMessages: 1 }));
    await fill(log, 'a', ['1']);
    const passing = await log.open('b').append(draft('x'.repeat(100), { store: false }));
    expect(passing.body.length).toBe(100);
    expect(await bodiesIn(log, 'a')).toEqual(['1']);
  });
}

/** The publisher is refused with a sentence that names what it needs and what there is. */
async function expectFull(log: MessageLog, channel: string, message: NewMessage): Promise<void> {
  const appended = (async () => log.open(channel).append(message))();
  await expect(appended).rejects.toMatchObject({
    name: 'EngineError',
    code: 'log_full',
    message: expect.stringMatching(/needs \d+ bytes.*\d+ of \d+ messages.*\d+ of \d+ bytes.*\((limits\.)?max_\w+\)/),
  });
}

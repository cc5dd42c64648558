import { expect, it } from '@jest/globals';
import { atBothDoors, type PushHub } from './support/push-hub.js';
import { get } from './support/requests.js';

const T1 = 'Thu, 15 Jan 2026 12:00:00 GMT';
const T2 = 'Thu, 15 Jan 2026 12:00:10 GMT';
const BETWEEN = 'Thu, 15 Jan 2026 12:00:05 GMT';
const OLDER = 'Thu, 15 Jan 2026 11:59:59 GMT';
const FUTURE = 'Thu, 15 Jan 2026 13:00:10 GMT';
const EPOCH = 'Thu, 01 Jan 1970 00:00:00 GMT';

/** Three messages in the second T1, two in T2. */
async function filled(hub: PushHub): Promise<void> {
  await hub.publishAll('a', ['m1', 'm2', 'm3']);
  hub.clock.advance(10_000);
  await hub.publishAll('a', ['m4', 'm5']);
}

/** The conditions of a poll; undefined: no such line. */
function conditions(since: string | undefined, match: string | undefined): Record<string, string> {
  return {
    ...(since === undefined ? {} : { 'If-Modified-Since': since }),
    ...(match === undefined ? {} : { 'If-None-Match': match }),
  };
}

atBothDoors('A poll', '', (hub) => {
  it.each([
    [undefined, undefined, 'm1'],
    ['', undefined, 'm1'],
    ['', '', 'm1'],
    [undefined, '', 'm1'],
    [undefined, '1', 'm1'],
    [undefined, '*', 'm1'],
    [undefined, '"x"', 'm1'],
    ['', '1', 'm1'],
    [T1, undefined, 'm2'],
    [T2, undefined, 'm5'],
    [T1, '', 'm2'],
    [OLDER, undefined, 'm1'],
    [BETWEEN, undefined, 'm4'],
    [T1, '0', 'm2'],
    [T1, '1', 'm3'],
    [T1, '2', 'm4'],
    [T1, '7', 'm4'],
    [T2, '0', 'm5'],
    [OLDER, '0', 'm1'],
    [OLDER, '5', 'm1'],
    [EPOCH, '0', 'm1'],
    [EPOCH, undefined, 'm1'],
    ['Thu, 01 Jan 1970 00:00:01 GMT', '0', 'm1'],
    [BETWEEN, '0', 'm4'],
    ['garbage', '1', 'm1'],
    ['0', '1', 'm1'],
    ['-1', '1', 'm1'],
    ['1768478400', '1', 'm1'],
    [T1.toLowerCase(), '1', 'm1'],
    ['15 Jan 2026 12:00:00 GMT', '1', 'm1'],
    ['Thu 15 Jan 2026 12:00:00 GMT', '1', 'm1'],
    ['Sat, 31 Feb 2026 12:00:00 GMT', '1', 'm1'],
    ['Mon, 15 Jan 1900 12:00:00 GMT', '1', 'm1'],
    ['Thursday, 15-Jan-26 12:00:00 GMT', '1', 'm3'],
    ['Thu Jan 15 12:00:00 2026', '1', 'm3'],
    ['Thu, 15 Jan 2026 12:00:00', '1', 'm3'],
    ['Thu, 15 Jan 2026 12:00:00 +0200', '1', 'm3'],
    ['Thu, 15 Jan 2026 12:00:00 UTC', '1', 'm3'],
    ['Mon, 15 Jan 2026 12:00:00 GMT', '1', 'm3'],
    [`"${T1}"`, '1', 'm3'],
    [`${T1}; length=3`, '1', 'm3'],
    [T1, 'garbage', 'm2'],
    [T1, '*', 'm2'],
    [T1, '"1"', 'm3'],
    [T1, 'W/"1"', 'm3'],
    [T1, 'W/1', 'm2'],
    [T1, "'1'", 'm2'],
    [T1, '01', 'm3'],
    [T1, ' 1 ', 'm3'],
    [T1, '-1', 'm2'],
    [T1, '1,2', 'm2'],
    [T1, '0x1', 'm2'],
    [T1, '+1', 'm2'],
    [T1, 'x1', 'm2'],
    [T1, '1;', 'm2'],
    [T1, '1-gzip', 'm2'],
    [T1, '99999999999999999999999', 'm4'],
  ])('with If-Modified-Since %p and If-None-Match %p gets %s', async (since, match, expected) => {
    await filled(hub());
    const response = await hub().poll('a', conditions(since, match));
    expect([response.status, response.text]).toEqual([200, expected]);
  });

  it.each([
    ['is the last message', T2, '1'],
    ['is beyond the last message', T2, '9'],
    ['is far beyond the last message', T2, '99999999999999999999999'],
    ['is in the future', FUTURE, '0'],
    ['is in the future, without a tag', FUTURE, undefined],
    ['is beyond all that can be', 'Fri, 31 Dec 9999 23:59:59 GMT', '0'],
  ])('whose position %s waits for the next message, and gets it', async (_what, since, match) => {
    await filled(hub());
    const waiting = await hub().park('a', get('/sub?id=a', conditions(since, match)));
    await hub().publish('a', 'm6');
    expect((await waiting.response()).text).toBe('m6');
  });

  it.each([
    [undefined, undefined],
    [T1, '0'],
    ['garbage', '1'],
  ])('of an empty channel waits, with %p and %p', async (since, match) => {
    const waiting = await hub().park('a', get('/sub?id=a', conditions(since, match)));
    await hub().publish('a', 'first');
    expect((await waiting.response()).text).toBe('first');
  });

  it('behind a message that was dropped gets the oldest one that is kept', async () => {
    await filled(hub());
    for (let i = 6; i <= 22; i++) await hub().publish('a', `m${i}`);
    expect((await hub().poll('a', conditions(T1, '0'))).text).toBe('m3');
    expect((await hub().poll('a', conditions(OLDER, '0'))).text).toBe('m3');
    for (let i = 23; i <= 24; i++) await hub().publish('a', `m${i}`);
    expect((await hub().poll('a', conditions(T1, '2'))).text).toBe('m5');
    expect((await hub().poll('a', conditions(T2, '0'))).text).toBe('m5');
  });

  it('behind a message that has expired gets the next one that is kept', async () => {
    await filled(hub());
    hub().clock.advance(7_195_000);
    expect((await hub().poll('a', conditions(T1, '0'))).text).toBe('m4');
  });

  it('takes the first line of each when there are two', async () => {
    await filled(hub());
    const lines = { 'If-Modified-Since': [T1, T2], 'If-None-Match': ['1', '0'] };
    expect((await hub().askCold(get('/sub?id=a', lines))).text).toBe('m3');
  });
});

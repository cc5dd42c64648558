import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import type { StoredMessage } from '../../../src/engine/message-log.js';
import { gzipAnswer, wantsGzip } from '../../../src/gateway/subscriber/gzip.js';

function messageOf(body: string): StoredMessage {
  return {
    position: 1,
    body: Buffer.from(body),
    contentType: null,
    publishedAt: 0,
    expiresAt: Number.POSITIVE_INFINITY,
  };
}

const long = messageOf('a'.repeat(20));

describe('wantsGzip', () => {
  it.each([
    ['gzip'],
    ['x-gzip'],
    ['GZip'],
    ['br, gzip'],
    ['gzip,deflate'],
    ['gzip;q=1'],
    ['gzip ; q=0.001'],
    ['deflate;q=0, gzip;q=0.5, *;q=0'],
  ])('is true for %p', (accepted) => {
    expect(wantsGzip(accepted, long)).toBe(true);
  });

  it.each([
    [undefined],
    [''],
    ['*'],
    ['identity'],
    ['gzipped'],
    ['agzip'],
    ['gzip;q=0'],
    ['gzip; q=0.000'],
    ['deflate'],
  ])('is false for %p', (accepted) => {
    expect(wantsGzip(accepted, long)).toBe(false);
  });

  it('is false for a message of fewer than 20 bytes', () => {
    expect(wantsGzip('gzip', messageOf('a'.repeat(19)))).toBe(false);
  });

  it('decides about a hostile line at once', () => {
    expect(wantsGzip(`gzip;${' '.repeat(8_000)}x`, long)).toBe(false);
    expect(wantsGzip(`${', '.repeat(4_000)}x`, long)).toBe(false);
  });
});

describe('gzipAnswer', () => {
  it('compresses the body once for all readers of a message, and keeps the other lines', async () => {
    const answer = { status: 200, headers: [['Etag', '3']] as const, body: long.body };
    const [first, second] = await Promise.all([gzipAnswer(long, answer), gzipAnswer(long, answer)]);
    expect(gunzipSync(first.body as Buffer)).toEqual(long.body);
    expect(second.body).toBe(first.body);
    expect(first.headers).toEqual([
      ['Etag', '3'],
      ['Content-Encoding', 'gzip'],
    ]);
  });
});

import { describe, expect, it } from '@jest/globals';
import { type Place, parsePlace, placeAfterNothing, placeHeaders, placeOf } from '../../src/cli/place.js';

const answerWith = (headers: Record<string, string>) => ({ status: 200, headers, body: Buffer.alloc(0) });

describe('the place that a subscriber begins behind', () => {
  it.each<[string, Place | undefined]>([
    ['oldest', { behind: 'nothing' }],
    ['now', { behind: 'now' }],
    ['1795421814:0', { behind: 'message', second: 1795421814, tag: 0 }],
    ['0:7', { behind: 'message', second: 0, tag: 7 }],
    ['1795421814', undefined],
    ['1795421814:', undefined],
    ['-1:0', undefined],
    ['yesterday', undefined],
    ['', undefined],
  ])('reads %p', (text, place) => {
    expect(parsePlace(text)).toEqual(place);
  });
});

describe('the headers that ask for the message behind a place', () => {
  it('are none for the oldest message', () => {
    expect(placeHeaders({ behind: 'nothing' })).toEqual({});
  });

  it('are the date and the tag of the message before', () => {
    expect(placeHeaders({ behind: 'message', second: 1795421814, tag: 3 })).toEqual({
      'If-Modified-Since': 'Mon, 23 Nov 2026 08:16:54 GMT',
      'If-None-Match': '3',
    });
  });

  it('name a time behind all messages for those that are yet to come', () => {
    expect(placeHeaders({ behind: 'now' })).toMatchObject({ 'If-Modified-Since': 'Fri, 31 Dec 9999 23:59:59 GMT' });
  });
});

describe('the place of an answer', () => {
  it.each(['4', '"4"', 'W/"4"'])('is read from Last-Modified and the tag %s', (etag) => {
    const answer = answerWith({ 'last-modified': 'Mon, 23 Nov 2026 08:16:54 GMT', etag });
    expect(placeOf(answer)).toEqual({ behind: 'message', second: 1795421814, tag: 4 });
  });

  it.each([
    ['no tag', { 'last-modified': 'Mon, 23 Nov 2026 08:16:54 GMT' }],
    ['no date', { etag: '4' }],
    ['a tag that is no number', { 'last-modified': 'Mon, 23 Nov 2026 08:16:54 GMT', etag: '"abc"' }],
  ])('is unknown with %s', (_case, headers) => {
    expect(placeOf(answerWith(headers))).toBeUndefined();
  });
});

describe('the place after an answer that brought nothing', () => {
  const seen: Place = { behind: 'message', second: 1795421814, tag: 3 };

  it('stays behind the message that was seen', () => {
    expect(placeAfterNothing(seen, 'Mon, 23 Nov 2026 09:00:00 GMT')).toBe(seen);
  });

  it('stays before all messages for who asked for the oldest', () => {
    expect(placeAfterNothing({ behind: 'nothing' }, undefined)).toEqual({ behind: 'nothing' });
  });

  it('is fixed at the answer for who waits for what is to come, so that the gap to the next request loses nothing', () => {
    const place = placeAfterNothing({ behind: 'now' }, 'Mon, 23 Nov 2026 08:16:54 GMT');
    expect(place).toEqual({ behind: 'message', second: 1795421813, tag: 1_048_575 });
  });
});

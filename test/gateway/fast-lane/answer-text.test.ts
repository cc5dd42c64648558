import { beforeEach, describe, expect, it } from '@jest/globals';
import type { StoredMessage } from '../../../src/engine/message-log.js';
import { positionOf } from '../../../src/engine/position.js';
import { emptyAnswer, textAnswer } from '../../../src/gateway/answers.js';
import { AnswerText } from '../../../src/gateway/fast-lane/answer-text.js';
import { messageHeaders } from '../../../src/gateway/subscriber/push-subscriber.js';
import { ManualClock } from '../../support/manual-clock.js';
import { readResponse } from '../../support/raw-response.js';
import { locationOf } from '../support/recorded-exchange.js';

const clock = new ManualClock();
let text: AnswerText;
beforeEach(() => {
  text = new AnswerText(() => clock.now());
});

function message(body: Buffer, contentType: string | null = null): StoredMessage {
  const position = positionOf(1_768_478_400, 7);
  return { position, body, contentType, publishedAt: 0, expiresAt: Number.POSITIVE_INFINITY };
}

function bytesOf({ text: head, body }: { text: string; body: Buffer | undefined }): Buffer {
  return Buffer.concat([Buffer.from(head, 'latin1'), ...(body ? [body] : [])]);
}

describe('An answer as text', () => {
  it('is a whole response', () => {
    const { response, used } = readResponse(bytesOf(text.answer(textAnswer(404, 'no'), true))) ?? {};
    expect(response?.statusLine).toBe('HTTP/1.1 404 Not Found');
    expect(response?.headerNames).toEqual(['Server', 'Date', 'Content-Type', 'Content-Length', 'Connection']);
    expect(response?.text).toBe('no');
    expect(used).toBeGreaterThan(0);
  });

  it.each([
    [true, 'keep-alive'],
    [false, 'close'],
  ])('that keeps the connection: %p says %s', (keepAlive, said) => {
    expect(text.answer(emptyAnswer(200), keepAlive).text).toContain(`\r\nConnection: ${said}\r\n\r\n`);
  });

  it('has the length of its bytes, not of its characters', () => {
    const rendered = text.answer(textAnswer(200, 'é€'), true);
    expect(rendered.text).toContain('Content-Length: 5\r\n');
    expect(rendered.body?.toString()).toBe('é€');
  });

  it('without content has no length', () => {
    expect(text.answer({ status: 204, headers: [], body: '' }, true).text).not.toContain('Content-Length');
    expect(text.answer(emptyAnswer(304), true).text).toContain('Content-Length: 0\r\n');
  });

  it('is another one for another status, other lines, another body or another end of the connection', () => {
    const answer = textAnswer(200, 'a');
    const texts = [
      text.answer(answer, true),
      text.answer({ ...answer, status: 201 }, true),
      text.answer({ ...answer, status: 201, headers: [['X', 'y']] }, true),
      text.answer({ ...answer, status: 201, headers: [['X', 'y']], body: 'b' }, true),
      text.answer({ ...answer, status: 201, headers: [['X', 'y']], body: 'b' }, false),
      text.answer(answer, true),
    ].map((rendered) => rendered.text);
    expect(new Set(texts).size).toBe(5);
    expect(texts[5]).toBe(texts[0]);
    expect(text.answer({ ...answer }, true).text).toBe(texts[0]);
  });

  it('has the date of its second', () => {
    const date = () => /Date: (.*)\r\n/.exec(text.answer(emptyAnswer(200), true).text)?.[1];
    expect(date()).toBe(new Date(clock.now()).toUTCString());
    clock.advance(999);
    const before = date();
    clock.advance(1);
    expect(date()).not.toBe(before);
    expect(date()).toBe(new Date(clock.now()).toUTCString());
  });
});

describe('A message as text', () => {
  const location = locationOf('subscriber', { defaultType: 'text/plain' });

  it.each([0, 1, 16 * 1024, 16 * 1024 + 1])('of %d bytes has the bytes that an answer of it has', (length) => {
    const stored = message(Buffer.alloc(length, 0xfe));
    const answer = { status: 200, headers: messageHeaders(stored, location), body: stored.body };
    expect(bytesOf(text.message(stored, location))).toEqual(bytesOf(text.answer(answer, true)));
  });

  it('has its own tag, date and length', () => {
    const [second, length] = [1_768_478_400, 3];
    for (const [s, tag, bytes] of [
      [second, 7, length],
      [second, 8, length],
      [second + 1, 8, length],
      [second, 7, 4],
    ]) {
      const position = positionOf(s as number, tag as number);
      const stored = { ...message(Buffer.alloc(bytes as number, 'x')), position };
      const answer = { status: 200, headers: messageHeaders(stored, location), body: stored.body };
      expect(bytesOf(text.message(stored, location))).toEqual(bytesOf(text.answer(answer, true)));
    }
  });

  it('has its own type, the default type of the location, or none', () => {
    const typeOf = (stored: StoredMessage, at: typeof location | undefined) =>
      /Content-Type: (.*)\r\n/.exec(text.message(stored, at).text)?.[1];
    expect(typeOf(message(Buffer.from('x'), 'a/b'), location)).toBe('a/b');
    expect(typeOf(message(Buffer.from('x')), location)).toBe('text/plain');
    expect(typeOf(message(Buffer.from('x')), undefined)).toBeUndefined();
  });

  it('is made once for all its readers, and anew for another second or another default type', () => {
    const stored = message(Buffer.from('x'));
    const first = text.message(stored, location);
    expect(text.message(stored, location)).toBe(first);
    const other = text.message(stored, locationOf('subscriber', { defaultType: 'a/b' }));
    expect(other.text).toContain('Content-Type: a/b\r\n');
    clock.advance(1000);
    const later = text.message(stored, location);
    expect(later.text).not.toBe(first.text);
  });
});

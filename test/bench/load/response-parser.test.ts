import { describe, expect, it } from '@jest/globals';
import { type Response, ResponseParser } from './response-parser.js';

const MESSAGE =
  'HTTP/1.1 200 OK\r\nServer: x\r\nContent-Length: 5\r\nLAST-MODIFIED: Thu, 15 Jan 2026 12:00:00 GMT\r\nEtag:  7 \r\n\r\nhello';
const NOT_MODIFIED = 'HTTP/1.1 304 Not Modified\r\nServer: x\r\n\r\n';
const message: Response = { status: 200, lastModified: 'Thu, 15 Jan 2026 12:00:00 GMT', etag: '7', body: 'hello' };
const notModified: Response = { status: 304, lastModified: '', etag: '', body: '' };

function parsed(...pieces: string[]): { responses: Response[]; isAtEnd: boolean } {
  const parser = new ResponseParser();
  const responses: Response[] = [];
  for (const piece of pieces) parser.push(piece, (response) => responses.push(response));
  return { responses, isAtEnd: parser.isAtEnd };
}

describe('The parser of responses', () => {
  it('reads status, position and body, header names in any case', () => {
    expect(parsed(MESSAGE)).toEqual({ responses: [message], isAtEnd: true });
  });

  it('reads several responses in one piece, also those without a body', () => {
    expect(parsed(MESSAGE + NOT_MODIFIED + MESSAGE).responses).toEqual([message, notModified, message]);
  });

  it('reads the same whichever byte the pieces are cut at', () => {
    const both = MESSAGE + NOT_MODIFIED;
    for (let at = 1; at < both.length; at++) {
      expect(parsed(both.slice(0, at), both.slice(at))).toEqual({ responses: [message, notModified], isAtEnd: true });
    }
  });

  it('reads byte by byte', () => {
    expect(parsed(...MESSAGE).responses).toEqual([message]);
  });

  it('keeps an incomplete response back', () => {
    expect(parsed(MESSAGE.slice(0, -1))).toEqual({ responses: [], isAtEnd: false });
  });

  it.each([
    ['another protocol', 'SSH-2.0-OpenSSH_9.2\r\n\r\n', 'no HTTP/1.1 response'],
    ['a head without an end', 'H'.repeat(20_000), 'no HTTP/1.1 response'],
    ['no length', 'HTTP/1.1 200 OK\r\nServer: x\r\n\r\n', 'has no Content-Length'],
    ['a length that is none', 'HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n', 'Content-Length "-1"'],
    ['chunks', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n', 'is chunked'],
  ])('refuses %s', (_what, text, sentence) => {
    expect(() => parsed(text)).toThrow(sentence);
  });
});

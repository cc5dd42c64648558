import { describe, expect, it } from '@jest/globals';
import { HEAD_MISSING, hasPlainPath, RequestHead, UNFIT } from '../../../src/gateway/fast-lane/request-head.js';

/** @param lines the request line and the header lines, without the empty one */
function read(lines: string, head = new RequestHead()): RequestHead | undefined {
  const text = `${lines}\r\n`;
  return head.read(`${text}behind`) === text.length ? head : undefined;
}

const GET = 'GET /sub?id=a HTTP/1.1\r\nHost: h\r\n';
const POST = 'POST /pub?id=a HTTP/1.1\r\nHost: h\r\n';

describe('RequestHead', () => {
  it('reads method, target, length and the lines that serve conditions', () => {
    const head = read(
      `${POST}content-LENGTH: 12\r\nContent-Type: \t text/plain; a=b \r\nAccept: text/json\r\nX-Y: 1\r\n`,
    );
    expect(head).toMatchObject({ method: 'POST', target: '/pub?id=a', contentLength: 12, keepAlive: true });
    expect(head?.header('content-type')).toBe('text/plain; a=b');
    expect(head?.header('accept')).toBe('text/json');
    expect(head?.header('x-y')).toBe('1');
    expect(head?.header('y')).toBeUndefined();
    const poll = read(`${GET}If-Modified-Since: ${'d'.repeat(29)}\r\nif-none-match: 3\r\n`);
    expect(poll?.header('if-modified-since')).toBe('d'.repeat(29));
    expect(poll?.header('if-none-match')).toBe('3');
  });

  it.each(['Host', 'Accept', 'Connection', 'Content-Type', 'If-None-Match', 'Content-Length', 'If-Modified-Since'])(
    'reads %s however it is spelled',
    (name) => {
      const value = name === 'Content-Length' ? '7' : 'close';
      const spellings = [name, name.toLowerCase(), name.toUpperCase(), name.replace(/^./, (c) => c.toLowerCase())];
      const heads = spellings.map((spelled) => {
        const line = `${spelled}: ${value}\r\n`;
        return read(name === 'Host' ? `POST /pub HTTP/1.1\r\n${line}` : `${POST}${line}`);
      });
      const [first, ...others] = heads.map((head) => ({
        header: head?.header(name.toLowerCase()),
        keepAlive: head?.keepAlive,
        contentLength: head?.contentLength,
      }));
      expect(first?.header).toBe(value);
      expect(first?.keepAlive).toBe(name !== 'Connection');
      expect(first?.contentLength).toBe(name === 'Content-Length' ? 7 : 0);
      for (const other of others) expect(other).toEqual(first);
    },
  );

  it('forgets the lines of the request before', () => {
    const head = new RequestHead();
    read(`${POST}Content-Length: 12\r\nContent-Type: a/b\r\nAccept: text/json\r\n`, head);
    expect(read(POST, head)).toBeDefined();
    expect(head.contentLength).toBe(0);
    expect(head.header('content-type')).toBeUndefined();
    expect(head.header('accept')).toBeUndefined();
  });

  it.each([
    ['HTTP/1.1', '', true],
    ['HTTP/1.1', 'Connection: close\r\n', false],
    ['HTTP/1.1', 'Connection: Keep-Alive\r\n', true],
    ['HTTP/1.0', '', false],
    ['HTTP/1.0', 'Connection: keep-alive\r\n', true],
  ])('keeps a connection of %s with %p open: %p', (version, line, keepAlive) => {
    expect(read(`GET /sub?id=a ${version}\r\nHost: h\r\n${line}`)?.keepAlive).toBe(keepAlive);
  });

  it.each([
    ['another method', 'PUT /pub?id=a HTTP/1.1\r\nHost: h\r\n'],
    ['a method in lower case', 'get /sub?id=a HTTP/1.1\r\nHost: h\r\n'],
    ['an absolute target', 'GET http://h/sub?id=a HTTP/1.1\r\nHost: h\r\n'],
    ['another version', 'GET /sub?id=a HTTP/2.0\r\nHost: h\r\n'],
    ['no version', 'GET /sub?id=a\r\nHost: h\r\n'],
    ['two spaces', 'GET  /sub?id=a HTTP/1.1\r\nHost: h\r\n'],
    ['a fragment', 'GET /sub?id=a#b HTTP/1.1\r\nHost: h\r\n'],
    ['a byte above ASCII in the target', 'GET /sub?id=\xe9 HTTP/1.1\r\nHost: h\r\n'],
    ['a bare line feed', 'GET /sub?id=a HTTP/1.1\nHost: h\r\n'],
    ['a bare line feed in a value', `${GET}A: b\nTransfer-Encoding: chunked\r\n`],
    ['a bare carriage return', `${GET}A: b\rc\r\n`],
    ['a folded line', `${GET}A: b\r\n c\r\n`],
    ['a NUL', `${GET}A: b\0c\r\n`],
    ['a space before the colon', `${GET}A : b\r\n`],
    ['a line without a colon', `${GET}abc\r\n`],
    ['an empty name', `${GET}: b\r\n`],
    ['no Host in HTTP/1.1', 'GET /sub?id=a HTTP/1.1\r\nA: b\r\n'],
    ['two Hosts', `${GET}Host: i\r\n`],
    ['two lengths', `${POST}Content-Length: 1\r\nContent-Length: 1\r\n`],
    ['a length with a sign', `${POST}Content-Length: +1\r\n`],
    ['a negative length', `${POST}Content-Length: -1\r\n`],
    ['a length in hexadecimal', `${POST}Content-Length: 0x1\r\n`],
    ['a list of lengths', `${POST}Content-Length: 1, 1\r\n`],
    ['an empty length', `${POST}Content-Length:\r\n`],
    ['a length beyond all bounds', `${POST}Content-Length: 99999999999999999999\r\n`],
    ['Transfer-Encoding', `${POST}Transfer-Encoding: chunked\r\n`],
    ['a length and Transfer-Encoding', `${POST}Content-Length: 3\r\ntransfer-encoding: chunked\r\n`],
    ['a body on GET', `${GET}Content-Length: 3\r\n`],
    ['Upgrade', `${GET}Upgrade: websocket\r\n`],
    ['Expect', `${POST}Expect: 100-continue\r\n`],
    ['TE', `${GET}TE: trailers\r\n`],
    ['Trailer', `${POST}Trailer: a\r\n`],
    ['another Connection', `${GET}Connection: keep-alive, Upgrade\r\n`],
    ['two Connections', `${GET}Connection: close\r\nConnection: keep-alive\r\n`],
    ['two If-None-Match', `${GET}If-None-Match: 1\r\nIf-None-Match: 2\r\n`],
    ['two If-Modified-Since', `${GET}If-Modified-Since: a\r\nIf-Modified-Since: b\r\n`],
    ['two Content-Types', `${POST}Content-Type: a\r\nContent-Type: b\r\n`],
    ['no line behind the first', 'GET /sub?id=a HTTP/1.0\r\n'],
  ])('does not take %s', (_what, lines) => {
    expect(new RequestHead().read(`${lines}\r\n`)).toBe(UNFIT);
    // Nor behind one that it has taken, with the same request line or the same header lines.
    const head = new RequestHead();
    for (const taken of [GET, POST, `GET /sub?id=a HTTP/1.0\r\nA: b\r\n`]) {
      expect(read(taken, head)).toBeDefined();
      expect(head.read(`${lines}\r\n`)).toBe(UNFIT);
    }
  });

  it('waits for the rest of a head, wherever it is cut', () => {
    const text = `${POST}Content-Length: 12\r\nAccept: text/json\r\n\r\n`;
    const head = new RequestHead();
    for (const known of [false, true]) {
      for (let cut = 0; cut < text.length; cut++) {
        expect([known, cut, head.read(text.slice(0, cut))]).toEqual([known, cut, HEAD_MISSING]);
      }
      expect(head.read(text)).toBe(text.length);
    }
  });

  it('tells apart lines that another request with the same ones gave another meaning', () => {
    const lines = 'A: b\r\n';
    expect(read(`GET /a HTTP/1.0\r\n${lines}`)?.keepAlive).toBe(false);
    expect(new RequestHead().read(`GET /a HTTP/1.1\r\n${lines}\r\n`)).toBe(UNFIT);
    expect(read(`${GET}${lines}`)?.keepAlive).toBe(true);
    expect(read(`GET /a HTTP/1.0\r\nHost: h\r\n${lines}`)?.keepAlive).toBe(false);
  });

  it("lets go of its lines, and of nobody else's", () => {
    const [one, other] = [read(`${GET}If-None-Match: 5\r\n`), read(`${GET}If-None-Match: 5\r\n`)];
    one?.release();
    expect([one?.header('if-none-match'), other?.header('if-none-match')]).toEqual([undefined, '5']);
  });

  it('takes a line of a thousand characters without backtracking over it', () => {
    expect(read(`${GET}A: ${'a b'.repeat(2500)}\r\n`)).toBeDefined();
    expect(read(`${GET}A: ${'a b'.repeat(2500)}\0\r\n`)).toBeUndefined();
  });
});

describe('hasPlainPath', () => {
  it.each([['/'], ['/pub'], ['/pub/'], ['/a/b.c/d-e_f~g'], ['/v1/devices/a:b/events/t?x=%zz'], ['/a?//']])(
    '%p',
    (target) => {
      expect(hasPlainPath(target)).toBe(true);
    },
  );

  it.each([
    ['//'],
    ['/a//b'],
    ['/.'],
    ['/..'],
    ['/a/../b'],
    ['/a/./b'],
    ['/.hidden'],
    ['/%61'],
    ['/a%2fb'],
    ['/a\\b'],
    [''],
  ])('not %p', (target) => {
    expect(hasPlainPath(target)).toBe(false);
  });

  it('decides about a long path at once', () => {
    expect(hasPlainPath(`/${'a'.repeat(8000)}%`)).toBe(false);
    expect(hasPlainPath(`${'/a'.repeat(4000)}%`)).toBe(false);
  });
});

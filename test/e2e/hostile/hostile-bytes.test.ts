import { expect, it } from '@jest/globals';
import { atEachDoor } from './support/doors.js';

const HOST = 'Host: h\r\n';
const GET = `GET /pub?id=bytes HTTP/1.1\r\n${HOST}`;

/** Each character code that must not stand in a field name, a field value or a target. */
const controls = [...Array.from({ length: 32 }, (_, code) => code), 127].map((code) => String.fromCharCode(code));
const latin1 = Array.from({ length: 128 }, (_, i) => String.fromCharCode(128 + i));

atEachDoor('Bytes that do not belong', '', (door) => {
  it('in a header value are refused, but for tabs', async () => {
    for (const byte of controls.filter((byte) => byte !== '\t')) {
      expect([byte, await statusOf(`${GET}X: a${byte}b\r\n\r\n`)]).toEqual([byte, 400]);
    }
    expect(await statusOf(`${GET}X: a\tb\r\n\r\n`)).toBe(404);
  });

  it('above ASCII in a header value are taken, and come back as they were', async () => {
    const client = await door().connect();
    const body = 'Content-Length: 1\r\n\r\nx';
    await client.ask(`POST /pub?id=latin1 HTTP/1.1\r\n${HOST}Content-Type: a/${latin1.join('')}\r\n${body}`);
    const message = await client.ask(`GET /sub?id=latin1 HTTP/1.1\r\n${HOST}\r\n`);
    expect(message.header('Content-Type')).toBe(`a/${latin1.join('')}`);
  });

  it('in a header name are refused', async () => {
    for (const byte of [...controls, ...latin1, ' ', '(', ')', '@', ',', ';', '"', '/', '{', '}']) {
      expect([byte, await statusOf(`${GET}X${byte}Y: a\r\n\r\n`)]).toEqual([byte, 400]);
    }
  });

  it('in a target are refused', async () => {
    for (const byte of [...controls, ...latin1, ' ']) {
      expect([byte, await statusOf(`GET /pub?id=a${byte}b HTTP/1.1\r\n${HOST}\r\n`)]).toEqual([byte, 400]);
      expect([byte, await statusOf(`GET /p${byte}ub?id=a HTTP/1.1\r\n${HOST}\r\n`)]).toEqual([byte, 400]);
    }
  });

  it.each([
    ['a head of bare line feeds', 'GET /pub?id=a HTTP/1.1\nHost: h\n\n', 400],
    ['a bare line feed behind the request line', `GET /pub?id=a HTTP/1.1\n${HOST}\r\n`, 400],
    ['a bare carriage return behind the request line', `GET /pub?id=a HTTP/1.1\r${HOST}\r\n`, 400],
    ['a folded line', `${GET}X: a\r\n b\r\n\r\n`, 400],
    ['a folded first line', `GET /pub?id=a HTTP/1.1\r\n Host: h\r\n\r\n`, 400],
    ['a line without a colon', `${GET}X\r\n\r\n`, 400],
    ['a line without a name', `${GET}: a\r\n\r\n`, 400],
    ['a space before a colon', `${GET}X : a\r\n\r\n`, 400],
    ['a space behind the request line', `GET /pub?id=a HTTP/1.1 \r\n${HOST}\r\n`, 400],
    ['a tab in the request line', `GET\t/pub?id=a HTTP/1.1\r\n${HOST}\r\n`, 405],
    ['a method in lower case', `get /pub?id=a HTTP/1.1\r\n${HOST}\r\n`, 405],
    ['a method that there is not', `FOO /pub?id=a HTTP/1.1\r\n${HOST}\r\n`, 405],
    ['HTTP/0.9', 'GET /pub?id=a\r\n\r\n', 505],
    ['HTTP/0.9 in words', `GET /pub?id=a HTTP/0.9\r\n${HOST}\r\n`, 505],
    ['HTTP/1.2', `GET /pub?id=a HTTP/1.2\r\n${HOST}\r\n`, 400],
    ['HTTP/2.0', `GET /pub?id=a HTTP/2.0\r\n${HOST}\r\n`, 505],
    ['a version in lower case', `GET /pub?id=a http/1.1\r\n${HOST}\r\n`, 400],
    ['the preface of HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0', 400],
    ['a TLS ClientHello', '\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03', 405],
    ['CONNECT', `CONNECT other:443 HTTP/1.1\r\n${HOST}\r\n`, 405],
    ['no Host line', 'GET /pub?id=a HTTP/1.1\r\n\r\n', 400],
    ['two Host lines', `${GET}${HOST}\r\n`, 400],
    ['two Host lines in HTTP/1.0', `GET /pub?id=a HTTP/1.0\r\n${HOST}${HOST}\r\n`, 400],
    ['an unknown expectation', `${GET}Expect: a miracle\r\n\r\n`, 417],
    ['another scheme', `GET ftp://h/pub?id=a HTTP/1.1\r\n${HOST}\r\n`, 400],
    ['an asterisk', `OPTIONS * HTTP/1.1\r\n${HOST}\r\n`, 400],
    ['a relative target', `GET pub?id=a HTTP/1.1\r\n${HOST}\r\n`, 400],
    ['a head without end', `${GET}X: ${'x'.repeat(20_000)}`, 431],
    ['a target without end', `GET /${'x'.repeat(20_000)}`, 431],
    ['lines without end', `${GET}${'X: y\r\n'.repeat(20_000)}`, 431],
  ])('%s: the connection ends', async (_what, bytes, status) => {
    const client = await door().connect();
    client.send(bytes);
    const response = await client.response();
    expect([response.status, response.header('Connection')]).toEqual([status, 'close']);
    expect(response.header('Server')).toBe('signalbox');
    expect(response.header('Date')).toBe(new Date(door().clock.now()).toUTCString());
    client.endSending();
    expect(await client.end()).toBe('');
  });

  it.each([
    ['http://h/pub?id=form', 404],
    ['HTTP://H:80/pub?id=form', 404],
    ['https://other/pub?id=form', 404],
    ['//pub?id=form', 404],
    ['/./pub?id=form', 404],
    ['/x/../pub?id=form', 404],
    ['/x/%2e%2e/pub?id=form', 404],
    ['/%70ub?id=form', 404],
    ['/pub%2f?id=form', 404],
    ['/pub?id=form#fragment', 404],
  ])('are not in the target %s, which leads to the channel', async (target, status) => {
    const client = await door().connect();
    expect((await client.ask(`GET ${target} HTTP/1.1\r\n${HOST}\r\n`)).status).toBe(status);
    const body = 'Content-Length: 1\r\n\r\nx';
    expect((await client.ask(`POST ${target} HTTP/1.1\r\n${HOST}${body}`)).status).toBe(202);
    expect((await client.ask(`DELETE ${target} HTTP/1.1\r\n${HOST}\r\n`)).status).toBe(200);
  });

  it.each(['/../pub?id=a', '/x/../../pub?id=a', '/pu%zz', '/pub%', '/%ff', '/pub%00?id=a', '/nothing', 'http://h'])(
    'are in the target %s, which leads nowhere',
    async (target) => {
      const client = await door().connect();
      const { status } = await client.ask(`GET ${target} HTTP/1.1\r\n${HOST}\r\n`);
      expect([400, 404]).toContain(status);
      // It was understood, and the connection goes on.
      expect((await client.ask(`${GET}\r\n`)).status).toBe(404);
    },
  );

  it('in a head of exactly max_head_size are counted as they were sent', async () => {
    const head = (length: number) => `GET /pub?id=bytes HTTP/1.1\r\nHost:h\r\nX:${'x'.repeat(length)}\r\n\r\n`;
    const length = 8192 - head(0).length;
    expect(await statusOf(head(length))).toBe(404);
    expect(await statusOf(head(length + 1))).toBe(431);
    // 2,000 lines and more, of which Node counts one byte each.
    expect(await statusOf(`${GET}${'x:\r\n'.repeat(2_100)}\r\n`)).toBe(431);
  });

  it('between method and target are spaces that count as one', async () => {
    expect(await statusOf(`GET   /pub?id=a HTTP/1.1\r\n${HOST}\r\n`)).toBe(404);
  });

  it('to upgrade are answered as if they were not there, and end the connection', async () => {
    const client = await door().connect();
    client.send(`${GET}Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n${GET}\r\n`);
    const response = await client.response();
    expect([response.status, response.header('Connection')]).toEqual([404, 'close']);
    client.endSending();
    expect(await client.end()).toBe('');
  });

  async function statusOf(bytes: string): Promise<number> {
    const client = await door().connect();
    const { status } = await client.ask(bytes);
    client.reset();
    return status;
  }
});

import fc from 'fast-check';

/** What is sent over one connection: requests as latin1 text, and where their bytes are cut into writes. */
export interface Conversation {
  readonly requests: readonly string[];
  /** the bytes of all requests, cut */
  readonly writes: readonly string[];
}

/** Requests of every kind: most of the common shape, some that few clients send, some that no client should send. */
export const conversation: fc.Arbitrary<Conversation> = fc
  .tuple(
    fc.array(
      fc.oneof(
        { weight: 28, arbitrary: fc.constant('common' as const) },
        { weight: 10, arbitrary: fc.constant('rare' as const) },
        { weight: 1, arbitrary: fc.constant('hostile' as const) },
      ),
      { minLength: 1, maxLength: 12 },
    ),
    fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 4 }),
  )
  .chain(([kinds, cuts]) =>
    fc.tuple(...kinds.map((kind) => requestOf[kind])).map((requests) => ({ requests, writes: cut(requests, cuts) })),
  );

function cut(requests: readonly string[], cuts: readonly number[]): string[] {
  const bytes = requests.join('');
  const ends = cuts.map((at) => Math.floor(at * bytes.length)).sort((a, b) => a - b);
  return [...ends, bytes.length].map((end, i) => bytes.slice(ends[i - 1] ?? 0, end)).filter((write) => write !== '');
}

/** Stands for the date of the second that the conversation takes place in; the same length as a date. */
export const THIS_SECOND = 'Now, 00 Now 0000 00:00:00 GMT';

const channel = fc.constantFrom('a', 'a', 'b', 'c%20d', '');
const device = fc.constantFrom('d1', 'D-2', 'x:y', '', '%64', 'a b');

const commonTarget = fc.oneof(
  channel.map((id) => `/pub?id=${id}`),
  channel.map((id) => `/sub?id=${id}`),
  fc.constantFrom('/sub/?id=a&b', '/publish?ID=a', '/pub?x=%zz&id=a', '/v1/devices/d1/events/t', '/interval?id=a'),
);

const rareTarget = fc.oneof(
  commonTarget,
  device.map((id) => `/v1/devices/${id}/events/t`),
  device.map((id) => `/v1/devices/${id}/commands`),
  fc.constantFrom('/', '/nothing', '//pub?id=a', '/./pub?id=a', '/x/../pub?id=a', '/%70ub?id=a', '/x/%2e%2e/sub?id=a'),
  fc.constantFrom('/pub%', '/pu%zz', '/pub%00?id=a', '/%ff', '/pub?', '/pub', '/sub?id=a#b', '/sub\\..?id=a'),
  fc.constantFrom('http://h/pub?id=a', 'HTTP://h/sub?id=a', 'https://h:1/pub?id=a', 'http://h', 'http://h?id=a'),
  fc.constantFrom('/gzip?id=a', '/first?id=a', '/examples/form', '/examples/x', `/pub?id=${'i'.repeat(2_000)}`),
);

const hostileTarget = fc.oneof(
  rareTarget,
  fc.constantFrom('*', 'pub', '', '?id=a', 'ftp://h/pub?id=a', 'http:///pub', 'h:80', '/../pub', '/pub?id=a b'),
  fc.constantFrom(
    '/pub?id=\0',
    '/pub?id=\xff',
    '/\xe9',
    '/pub?id=\x7f',
    '/pub\t',
    `/${'a'.repeat(9_000)}`,
    '/\r',
    '/\n',
  ),
);

const commonLine = fc.constantFrom(
  'Accept: */*',
  'Accept: application/json',
  'accept:text/yaml',
  'Content-Type: text/html; charset=utf-8',
  'Content-Type: \t a/b \t',
  'If-None-Match: 0',
  `If-Modified-Since: ${THIS_SECOND}`,
  'If-Modified-Since: Thu, 15 Jan 2026 11:59:59 GMT',
  'Connection: keep-alive',
  'User-Agent: device/1',
  'X-Empty:',
  'Cache-Control: no-cache',
);

const rareLine = fc.oneof(
  commonLine,
  fc.constantFrom('Connection: close', 'Connection: Close, x', 'Connection:', 'Connection: upgrade', 'Connection: TE'),
  fc.constantFrom('If-None-Match: 1', 'If-None-Match: "1"', 'If-None-Match: W/"1"', 'If-None-Match: *', 'Accept: a'),
  fc.constantFrom('X: \xe9\xff', 'Content-Type: \xfc/b', 'If-None-Match: \xff', 'Expect: 100-continue', 'TE: trailers'),
  fc.constantFrom('Accept-Encoding: gzip', 'Upgrade-Insecure-Requests: 1', 'Trailer: x', 'Cookie: a=b; c=d', 'X: a:b'),
  fc.constantFrom(`Y: ${'y'.repeat(3_000)}`, "!#$%&'*+-.^_`|~09Az: token", 'Content-Length:  0 ', 'content-length:\t0'),
);

const hostileLine = fc.oneof(
  rareLine,
  fc.constantFrom(
    'Content-Length: 3',
    'Content-Length: +0',
    'Content-Length: 0x0',
    'Content-Length: 0, 0',
    'Host: two',
  ),
  fc.constantFrom('Content-Length: 0\t', 'Content-Length: 1 1', 'Content-Length: -1', 'Content-Length: 9999999999999'),
  fc.constantFrom('Transfer-Encoding: identity', 'Transfer-Encoding: xchunked', 'Transfer-Encoding: chunked, identity'),
  fc.constantFrom('Transfer-Encoding:\tchunked', 'Transfer-Encoding: chunked\t', 'Transfer-Encoding : chunked'),
  fc.constantFrom('Upgrade: websocket', 'Expect: x', 'X: a\0', 'X: a\x7f', 'X: a\x01', 'X: a\rb', 'X: a\nY: b'),
  fc.constantFrom(
    ' folded',
    '\tfolded',
    ': nameless',
    'no colon',
    'a b: c',
    'X\0: a',
    'X\xe9: a',
    ' X: a',
    '\x16\x03\x01',
  ),
  fc.constantFrom(`Z: ${'z'.repeat(9_000)}`, 'X: a\r\n b', 'Host:'),
);

const hotMethod = fc.constantFrom('GET', 'POST');
const rareMethod = fc.oneof(hotMethod, fc.constantFrom('PUT', 'DELETE', 'OPTIONS', 'PATCH', 'HEAD', 'PROPFIND'));
const hostileMethod = fc.oneof(
  rareMethod,
  fc.constantFrom('get', 'FOO', 'CONNECT', 'PRI', 'GETT', 'P\0ST', '', ' GET'),
);

const body = fc.oneof(
  fc.constantFrom('', 'x', '{"celsius":31.5}', '\0\r\n\r\n\xff', 'GET /pub?id=b HTTP/1.1\r\nHost: h\r\n\r\n'),
  fc.integer({ min: 1, max: 3_000 }).map((size) => 'b'.repeat(size)),
);

type Framed = (method: string, body: string) => readonly [line: string | undefined, bytes: string];

const byLength: Framed = (method, bytes) =>
  method === 'GET' ? [undefined, ''] : [`Content-Length: ${bytes.length}`, bytes];
const byLengthAlways: Framed = (_method, bytes) => [`content-length:${bytes.length}`, bytes];
const byNothing: Framed = () => [undefined, ''];
const byChunks: Framed = (_method, bytes) => [
  'Transfer-Encoding: chunked',
  `${bytes === '' ? '' : `${bytes.length.toString(16)};x=y\r\n${bytes}\r\n`}0\r\n\r\n`,
];
const byWrongLength: Framed = (_method, bytes) => [`Content-Length: ${bytes.length + 1}`, bytes];
const byBoth: Framed = (_method, bytes) => [`Content-Length: ${bytes.length}\r\nTransfer-Encoding: chunked`, bytes];
const byBadChunks: Framed = (_method, bytes) => [
  'Transfer-Encoding: chunked',
  `${bytes.length + 1}\n${bytes}\r\n0\r\n\r\n`,
];

interface Grammar {
  readonly method: fc.Arbitrary<string>;
  readonly target: fc.Arbitrary<string>;
  readonly version: fc.Arbitrary<string>;
  readonly host: fc.Arbitrary<string>;
  readonly line: fc.Arbitrary<string>;
  readonly framed: fc.Arbitrary<Framed>;
  readonly lineEnd: fc.Arbitrary<string>;
}

const HTTP11 = fc.constant('HTTP/1.1');
const HOST = fc.constant('Host: h');
const CRLF = fc.constant('\r\n');

const requestOf: Readonly<Record<'common' | 'rare' | 'hostile', fc.Arbitrary<string>>> = {
  common: request({
    method: hotMethod,
    target: commonTarget,
    version: HTTP11,
    host: HOST,
    line: commonLine,
    framed: fc.constant(byLength),
    lineEnd: CRLF,
  }),
  rare: request({
    method: rareMethod,
    target: rareTarget,
    version: fc.constantFrom('HTTP/1.1', 'HTTP/1.1', 'HTTP/1.0'),
    host: fc.constantFrom('Host: h', 'hOsT:', 'Host: a:1'),
    line: rareLine,
    framed: fc.constantFrom(byLength, byLengthAlways, byNothing, byChunks),
    lineEnd: CRLF,
  }),
  hostile: request({
    method: hostileMethod,
    target: hostileTarget,
    version: fc.constantFrom(
      'HTTP/1.1',
      'HTTP/1.1',
      'HTTP/1.0',
      'HTTP/2.0',
      'HTTP/0.9',
      'HTTP/1.2',
      'http/1.1',
      'HTTP/1.1 ',
      '',
    ),
    host: fc.constantFrom('Host: h', 'Host: h', 'X: no host'),
    line: hostileLine,
    framed: fc.constantFrom(byLength, byChunks, byWrongLength, byBoth, byBadChunks),
    lineEnd: fc.constantFrom('\r\n', '\r\n', '\r\n', '\n', '\r'),
  }),
};

function request(grammar: Grammar): fc.Arbitrary<string> {
  const { method, target, version, host, line, framed, lineEnd } = grammar;
  return fc
    .tuple(method, target, version, host, fc.array(line, { maxLength: 4 }), framed, body, lineEnd)
    .map(([verb, path, spoken, hostLine, lines, frame, content, end]) => {
      const [framing, bytes] = frame(verb, content);
      const head = [`${verb} ${path} ${spoken}`, hostLine, ...lines, ...(framing === undefined ? [] : [framing])];
      return `${head.map((text) => text + end).join('')}${end}${bytes}`;
    });
}

import { beforeEach, describe, expect, it } from '@jest/globals';
import {
  BODY_MISSING,
  HEAD_MISSING,
  LaneRequest,
  type LaneRules,
  UNFIT,
} from '../../../src/gateway/fast-lane/lane-request.js';
import type { Route } from '../../../src/gateway/route.js';

const HEAD = 'POST /lane HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\n';
const facts = { query: '', remoteAddress: '', header: () => undefined };
const route: Route = { kind: 'event', device: 'd', type: 't' };

let asked: string[];
const rules = {
  limits: { maxHeadBytes: 200 },
  server: {
    find: (target: string) => {
      asked.push(target);
      return target.startsWith('/lane') ? route : undefined;
    },
    maxBodyBytes: () => 10,
  },
  serves: () => true,
} as unknown as LaneRules;

beforeEach(() => {
  asked = [];
});

function take(text: string, request = new LaneRequest(), start = 0): number {
  const bytes = Buffer.from(text, 'latin1');
  return request.take(bytes, start, bytes.length, rules, facts);
}

describe('A request at the front of bytes', () => {
  it('is taken with its body, and no byte further', () => {
    const request = new LaneRequest();
    expect(take(`${HEAD}bodynext`, request)).toBe(HEAD.length + 4);
    expect([request.method, request.target, request.bodyText ?? request.body.toString()]).toEqual([
      'POST',
      '/lane',
      'body',
    ]);
    expect(request.route).toBe(route);
  });

  it('may stand anywhere in them', () => {
    expect(take(`before${HEAD}body`, new LaneRequest(), 6)).toBe(HEAD.length + 4);
  });

  it('is missing a part of its head, or of its body, at every cut', () => {
    for (let cut = 1; cut < HEAD.length + 4; cut++) {
      const expected = cut < HEAD.length ? HEAD_MISSING : BODY_MISSING;
      expect([cut, take(`${HEAD}body`.slice(0, cut))]).toEqual([cut, expected]);
    }
  });

  it.each([
    ['a head that has no end within max_head_size', `GET /lane HTTP/1.1\r\nX: ${'x'.repeat(200)}`],
    ['another method', 'PUT /'],
    ['the beginning of another method', 'GEX'],
    ['an absolute target', 'GET h'],
    ['a line feed alone', 'GET /lane HTTP/1.1\nH'],
    ['a carriage return alone', 'GET /lane HTTP/1.1\rH'],
    ['a NUL', 'GET /la\0'],
    ['a target that nothing serves', 'GET /other HTTP/1.1\r\nHost: h\r\n\r\n'],
    ['a target that must be made plain', 'GET /x/../lane HTTP/1.1\r\nHost: h\r\n\r\n'],
    ['a body beyond what its route takes', 'POST /lane HTTP/1.1\r\nHost: h\r\nContent-Length: 11\r\n\r\n'],
  ])("is not the lane's with %s", (_what, text) => {
    expect(take(text)).toBe(UNFIT);
  });

  it('may have a head of max_head_size bytes', () => {
    const head = (x: number) => `GET /lane HTTP/1.1\r\nHost: h\r\nX: ${'x'.repeat(x)}\r\n\r\n`;
    const x = 200 - head(0).length;
    expect(take(head(x))).toBe(200);
    expect(take(head(x + 1))).toBe(UNFIT);
  });

  it('may end with a carriage return whose line feed is still to come', () => {
    expect(take('GET /lane HTTP/1.1\r')).toBe(HEAD_MISSING);
  });

  it('is looked up once for a target that is asked for again, and anew for another', () => {
    const request = new LaneRequest();
    for (const target of ['/lane', '/lane', '/lane?b', '/lane']) {
      take(`GET ${target} HTTP/1.1\r\nHost: h\r\n\r\n`, request);
      expect([request.target, request.route]).toEqual([target, route]);
    }
    expect(asked).toEqual(['/lane', '/lane?b', '/lane']);
  });
});

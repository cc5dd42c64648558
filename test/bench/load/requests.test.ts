import { describe, expect, it } from '@jest/globals';
import { PollRequests, postRequest } from './requests.js';

const endpoint = { host: '127.0.0.1', port: 8080 };

describe('The requests of the load', () => {
  it('publish with a length', () => {
    expect(postRequest(endpoint, '/pub?id=a', 'hello')).toBe(
      'POST /pub?id=a HTTP/1.1\r\nHost: 127.0.0.1:8080\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\nhello',
    );
  });

  it('end with a sentence when a message does not say what comes behind it', () => {
    const polls = new PollRequests(endpoint, '/sub?id=a');
    expect(() => polls.behind({ status: 200, lastModified: '', etag: '', body: '' })).toThrow('without Last-Modified');
  });

  it('poll for the oldest message first, then behind the one that came', () => {
    const polls = new PollRequests(endpoint, '/sub?id=a');
    const start = 'GET /sub?id=a HTTP/1.1\r\nHost: 127.0.0.1:8080\r\n';
    expect(polls.first).toBe(`${start}\r\n`);
    for (const etag of ['0', '1', '1']) {
      expect(polls.behind({ status: 200, lastModified: 'then', etag, body: '' })).toBe(
        `${start}If-Modified-Since: then\r\nIf-None-Match: ${etag}\r\n\r\n`,
      );
    }
  });
});

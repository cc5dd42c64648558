import { describe, expect, it } from '@jest/globals';
import { listenFailure } from '../../src/cli/listen-failure.js';

const config = { listen: { host: 'localhost', port: 8080 }, admin: { host: '127.0.0.1', port: 8081 } };

function refused(code: string, door?: 'listen' | 'admin', syscall = 'listen'): Error {
  return Object.assign(new Error(code), { code, syscall, ...(door && { door }) });
}

describe('A port that the hub cannot have', () => {
  it.each([
    ['listen', 'EADDRINUSE', 'Cannot listen on localhost:8080: another program listens there already.', '--listen'],
    ['admin', 'EADDRINUSE', 'Cannot listen on 127.0.0.1:8081: another program listens there already.', '--admin'],
    ['admin', 'EACCES', 'Cannot listen on 127.0.0.1:8081: this user may not do that. Ports below 1024', '--admin'],
    ['listen', 'EMFILE', 'Cannot listen on localhost:8080: too many files are open.', '--listen'],
  ] as const)('of the door %s is told for %s with its address and its option', (door, code, sentence, option) => {
    const { message = '' } = listenFailure(refused(code, door), config) ?? {};
    expect(message).toContain(sentence);
    expect(message).toContain(option);
  });

  it('is told when its name is not known', () => {
    expect(listenFailure(refused('ENOTFOUND', 'admin', 'getaddrinfo'), config)?.message).toContain(
      'no such host is known',
    );
  });

  it('is not read into other errors', () => {
    expect(listenFailure(new Error('x is undefined'), config)).toBeUndefined();
    expect(listenFailure(refused('ENOENT', undefined, 'open'), config)).toBeUndefined();
  });
});

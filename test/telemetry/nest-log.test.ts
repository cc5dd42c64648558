import { describe, expect, it } from '@jest/globals';
import { NestLog } from '../../src/telemetry/nest-log.js';
import { RecordedLog } from '../support/recorded-log.js';

describe('What Nest logs', () => {
  it.each([
    ['log', 'debug'],
    ['debug', 'debug'],
    ['verbose', 'debug'],
    ['warn', 'warn'],
    ['error', 'error'],
    ['fatal', 'error'],
  ] as const)('by %s is written at level %s, with the class that speaks', (method, level) => {
    const log = new RecordedLog();
    new NestLog(log)[method]('Something happened.', 'RoutesResolver');
    expect(log.lines).toEqual([{ level, facts: { nest: 'RoutesResolver' }, sentence: 'Something happened.' }]);
  });

  it('keeps a stack among the facts', () => {
    const log = new RecordedLog();
    new NestLog(log).error('It failed.', 'Error: It failed.\n    at x', 'ExceptionsHandler');
    expect(log.lines[0]?.facts).toEqual({ nest: 'ExceptionsHandler', details: ['Error: It failed.\n    at x'] });
  });

  it('tells an Error by its stack and an object as JSON', () => {
    const log = new RecordedLog();
    new NestLog(log).error(new TypeError('x is undefined'));
    new NestLog(log).warn({ a: 1 });
    expect(log.lines[0]?.sentence).toMatch(/^TypeError: x is undefined\n +at /);
    expect(log.lines[1]?.sentence).toBe('{"a":1}');
  });
});

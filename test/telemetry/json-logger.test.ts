import { describe, expect, it } from '@jest/globals';
import { createLogger, type LogLevel } from '../../src/telemetry/json-logger.js';

function written(level: LogLevel) {
  const lines: string[] = [];
  const logger = createLogger(level, { write: (line) => void lines.push(line) });
  return { logger, lines, parsed: () => lines.map((line) => JSON.parse(line)) };
}

describe('The log', () => {
  it('is one JSON object a line: level by name, ISO time, facts, sentence', () => {
    const { logger, lines } = written('info');
    logger.warn({ channel: 'a\nb' }, 'A channel is full.');
    expect(lines).toHaveLength(1);
    const [line = ''] = lines;
    expect(line.indexOf('\n')).toBe(line.length - 1);
    expect(JSON.parse(line)).toEqual({
      level: 'warn',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      channel: 'a\nb',
      msg: 'A channel is full.',
    });
  });

  it.each(['error', 'err'])('has an Error under "%s" with its message and its stack', (name) => {
    const { logger, parsed } = written('error');
    logger.error({ [name]: new TypeError('x is undefined') }, 'It failed.');
    expect(parsed()[0][name]).toMatchObject({
      type: 'TypeError',
      message: 'x is undefined',
      stack: expect.stringContaining('json-logger.test'),
    });
  });

  it.each([
    ['silent', []],
    ['error', ['error']],
    ['warn', ['error', 'warn']],
    ['info', ['error', 'warn', 'info']],
    ['debug', ['error', 'warn', 'info', 'debug']],
  ] as const)('at level %s has %j', (level, expected) => {
    const { logger, parsed } = written(level);
    for (const grade of ['error', 'warn', 'info', 'debug'] as const) logger[grade]({}, 'Something happened.');
    expect(parsed().map((line) => line.level)).toEqual(expected);
  });
});

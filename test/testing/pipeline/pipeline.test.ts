import { describe, expect, it } from '@jest/globals';
import { command, message } from 'signalbox/plugin';
import { event, pipeline } from '../../../src/testing/index.js';
import { Cooler, Quiet, Ticking } from '../support/plugins.js';

const values = {
  a: event('a', { celsius: 35 }),
  b: event('b', { celsius: 40 }),
  c: event('b', { celsius: 20 }),
  r: event('rogue', { celsius: 40 }),
  x: message('quiet', 35),
  y: message('quiet', 40),
  w: command('a', 'wake'),
};

describe('A pipeline in marbles', () => {
  it('gives out what is expected, when it is expected, by the clock that it was given', async () => {
    await pipeline(Quiet, 'quiet').marbles({ events: 'a 30s a', expected: '30s - 60s w', values });
  });

  it('is in virtual time also without that clock', async () => {
    await pipeline(Quiet, 'careless').marbles({ events: 'ab 30s c 40s a', expected: '- 60s y 70001ms x', values });
  });

  it('may repeat something for ever, and is ended when the test says so, or after a day', async () => {
    const values = { t: message('tick', 0) };
    const expected = '480m t 28799999ms t';
    await pipeline(Ticking).marbles({ events: '', expected, values, until: '17h' });
    await expect(pipeline(Ticking).marbles({ events: '', expected, values })).rejects.toThrow(/\n {2}1d16h: [^\n]*$/);
  });

  it('tells what came, and when, where that is something else', async () => {
    const marbles = { events: 'a|', expected: '- y', values };
    await expect(pipeline(Quiet, 'careless').marbles(marbles)).rejects.toThrow(
      [
        'The pipeline did not give out what was expected.',
        'expected:',
        "  1ms: { kind: 'message', channel: 'quiet', body: 40, options: {} }",
        'came:',
        "  1ms: { kind: 'message', channel: 'quiet', body: 35, options: {} }",
        '  1ms: the end',
      ].join('\n'),
    );
  });

  it('ends with an error when it gives out what no grant allows, or more than its rate', async () => {
    await pipeline(Quiet, 'careless').marbles({ events: 'r', expected: '60s #', values });
    await pipeline(Quiet, 'quiet').marbles({ events: 'a 2m a', expected: '60s w 60s 1ms 59999ms #', values });
  });

  it('is given checked events alone', async () => {
    const marbles = { events: 'a', expected: '', values: { a: event('a', { celsius: 'warm' }) } };
    await expect(pipeline(Quiet, 'careless').marbles(marbles)).rejects.toThrow(
      'an error: The event of a does not pass: celsius must be a number.',
    );
    await expect(pipeline(Quiet, 'quiet').marbles({ ...marbles, values: {} })).rejects.toThrow(
      'A marble of the events stands for undefined; give it event(device, payload) in values.',
    );
  });

  it('must be there, and be the only one or be named', async () => {
    const marbles = { events: '', expected: '', values: {} };
    await expect(pipeline(Quiet).marbles(marbles)).rejects.toThrow('several pipelines, quiet, careless');
    await expect(pipeline(Quiet, 'loud').marbles(marbles)).rejects.toThrow(
      'no pipeline "loud"; it has quiet, careless',
    );
    await expect(pipeline(Cooler).marbles(marbles)).rejects.toThrow('The plugin has no method with @Pipeline.');
    await expect(pipeline(Cooler, 'x', { config: { limit: 'x' } }).marbles(marbles)).rejects.toThrow('has no method');
  });
});

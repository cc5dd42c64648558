import { describe, expect, it } from '@jest/globals';
import { jobIn } from '../../../src/gateway/device-api/jobs/job-in.js';

const written = (job: object) => Buffer.from(JSON.stringify({ name: 'update', ...job }));

describe('jobIn', () => {
  it('reads the least that makes a job, with the defaults', () => {
    expect(jobIn(written({ devices: ['a', 'b', 'a'] }))).toEqual({
      command: { name: 'update', paramsJson: '{}', options: {} },
      devices: ['a', 'b'],
      limits: { rate: '100/s', pace: { count: 100, everyMs: 1_000 } },
    });
  });

  it('reads all that a job can say', () => {
    const limits = { rate: '90/m', canary: { percent: 1.5 }, stopOnFailure: { count: 3 } };
    const attributes = { site: 'north', floor: 2, isNew: true, model: { prefix: 'fan-' } };
    expect(jobIn(written({ pattern: 'a*', attributes, params: [1], ttl: 5, lane: 'urgent', ...limits }))).toEqual({
      command: { name: 'update', paramsJson: '[1]', options: { ttlMs: 5_000, lane: 'urgent' } },
      query: {
        pattern: 'a*',
        attributes: [
          { name: 'site', value: 'north', isPrefix: false },
          { name: 'floor', value: '2', isPrefix: false },
          { name: 'isNew', value: 'true', isPrefix: false },
          { name: 'model', value: 'fan-', isPrefix: true },
        ],
      },
      limits: {
        rate: '90/m',
        pace: { count: 2, everyMs: 1_334 },
        canary: { percent: 1.5, withinMs: 3_600_000 },
        stop: { count: 3, atLeast: 10 },
      },
    });
  });

  it.each<[string, object]>([
    ['names its devices', {}],
    ['names its devices', { devices: ['a'], pattern: '*' }],
    ['lists 1 to 10000 devices', { devices: [] }],
    ['devices is a list', { devices: 'a' }],
    ['devices is a list', { devices: [1] }],
    ['not a device id', { devices: ['a b'] }],
    ['has a pattern of 1 to 128', { pattern: 'a/b' }],
    ['pattern is a text', { pattern: 7 }],
    ['not the name of an attribute', { attributes: { 'a b': 1 } }],
    ['attributes.site has prefix, not "suffix"', { attributes: { site: { suffix: 'x' } } }],
    ['attributes.site.prefix is a text', { attributes: { site: { prefix: 1 } } }],
    ['a number of commands a second', { devices: ['a'], rate: '10' }],
    ['rate is a text', { devices: ['a'], rate: 10 }],
    ['canary has either', { devices: ['a'], canary: {} }],
    ['canary has either', { devices: ['a'], canary: { devices: 1, percent: 1 } }],
    ['has 1 to 100000 canaries', { devices: ['a'], canary: { devices: 0 } }],
    ['has 1 to 100000 canaries', { devices: ['a'], canary: { percent: 101 } }],
    ['from 1 second to 30 days', { devices: ['a'], canary: { devices: 1, within: 0 } }],
    ['canary has devices, percent, within', { devices: ['a'], canary: { devices: 1, for: 1 } }],
    ['stopOnFailure has "count"', { devices: ['a'], stopOnFailure: {} }],
    ['stops at 1 or more failures', { devices: ['a'], stopOnFailure: { count: 0 } }],
    ['more than 0 and up to 100 percent of failures', { devices: ['a'], stopOnFailure: { percent: 0 } }],
    ['the percentage of 1 or more', { devices: ['a'], stopOnFailure: { percent: 1, atLeast: 0 } }],
    ["A command's name must be", { devices: ['a'], name: '' }],
    ['A command has name', { devices: ['a'], speed: 1 }],
  ])('refuses with a sentence what cannot be: %s', (sentence, job) => {
    expect(() => jobIn(written(job))).toThrow(sentence);
  });
});

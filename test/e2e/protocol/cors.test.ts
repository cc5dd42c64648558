import { expect, it } from '@jest/globals';
import { NO_BODY, ownLines } from './support/lines.js';
import { atBothDoors } from './support/push-hub.js';
import { get, head, post } from './support/requests.js';

const LOCATIONS = `
locations:
  - { path: /pub, channel: $arg_id, publisher: on }
  - { path: /sub, channel: $arg_id, subscriber: on }
  - { path: /both, channel: $arg_id, publisher: on, subscriber: on }
`;

const PUBLISHER_METHODS = 'GET, POST, PUT, DELETE, OPTIONS';

atBothDoors('OPTIONS', LOCATIONS, (hub) => {
  it.each([
    ['/pub', 'Content-Type, Origin', PUBLISHER_METHODS],
    ['/sub', 'If-None-Match, If-Modified-Since, Origin', 'GET, OPTIONS'],
    ['/both', 'If-None-Match, If-Modified-Since, Content-Type, Origin', PUBLISHER_METHODS],
  ])('of %s tells any origin what it may do, asked or not', async (path, headers, methods) => {
    const asked: Record<string, string>[] = [
      {},
      { Origin: 'http://elsewhere', 'Access-Control-Request-Method': 'POST' },
    ];
    for (const lines of asked) {
      const response = await hub().askCold(head('OPTIONS', `${path}?id=a`, lines));
      expect(response.statusLine).toBe('HTTP/1.1 200 OK');
      expect(ownLines(response)).toEqual({
        ...NO_BODY,
        'Access-Control-Allow-Origin': '*',
        'Access-Control-Allow-Headers': headers,
        'Access-Control-Allow-Methods': methods,
      });
    }
    expect(hub().hub.channels.find('a')).toBeUndefined();
  });
});

atBothDoors('An answer to anything else', LOCATIONS, (hub) => {
  it('says nothing of origins', async () => {
    const lines = { Origin: 'http://elsewhere' };
    const answers = [
      await hub().ask(get('/pub?id=a', lines)),
      await hub().ask(post('/pub?id=a', 'x', lines)),
      await hub().ask(get('/pub?id=a', lines)),
      await hub().ask(get('/sub?id=a', lines)),
      await hub().ask(post('/sub?id=a', 'x', lines)),
      await hub().askCold(head('DELETE', '/pub?id=a', lines)),
    ];
    expect(answers.map(({ status }) => status)).toEqual([404, 202, 200, 200, 405, 200]);
    for (const { headerNames } of answers) expect(headerNames.join()).not.toMatch(/access-control/i);
  });
});

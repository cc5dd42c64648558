import { expect, it } from '@jest/globals';
import { ownLines } from './support/lines.js';
import { atBothDoors, type PushHub } from './support/push-hub.js';
import { get, head, post } from './support/requests.js';

const bodies = {
  plain: 'queued messages: 2\r\nlast requested: 3 sec. ago (-1=never)\r\nactive subscribers: 1',
  json: '{"messages": 2, "requested": 3, "subscribers": 1 }',
  xml:
    '<?xml version="1.0" encoding="UTF-8" ?>\r\n<channel>\r\n  <messages>2</messages>\r\n  <requested>3</requested>\r\n' +
    '  <subscribers>1</subscribers>\r\n</channel>',
  yaml: '---\r\nmessages: 2\r\nrequested: 3\r\nsubscribers: 1\r\n\r\n',
};

/** Two messages, and a subscriber that has waited for three seconds behind them. */
async function filled(hub: PushHub): Promise<void> {
  await hub.publish('a', 'one');
  await hub.publish('a', 'two');
  const last = { 'If-Modified-Since': 'Thu, 15 Jan 2026 12:00:00 GMT', 'If-None-Match': '1' };
  await hub.park('a', get('/sub?id=a', last));
  hub.clock.advance(3_000);
}

atBothDoors('Channel information', '', (hub) => {
  it.each([
    ['text/plain', 'plain', 'text/plain'],
    ['text/json', 'json', 'text/json'],
    ['application/json', 'json', 'application/json'],
    ['text/x-json', 'json', 'text/x-json'],
    ['application/x-json', 'json', 'application/x-json'],
    ['text/xml', 'xml', 'text/xml'],
    ['application/xml', 'xml', 'application/xml'],
    ['text/yaml', 'yaml', 'text/yaml'],
    ['application/yaml', 'yaml', 'application/yaml'],
    ['text/x-yaml', 'yaml', 'text/x-yaml'],
    ['application/x-yaml', 'yaml', 'application/x-yaml'],
    ['', 'plain', 'text/plain'],
    ['*/*', 'plain', 'text/plain'],
    ['text/*', 'plain', 'text/plain'],
    ['image/png', 'plain', 'text/plain'],
    ['TEXT/JSON', 'plain', 'text/plain'],
    ['text/json;q=0', 'json', 'text/json'],
    ['text/jsonx', 'json', 'text/json'],
    ['application/jsonp', 'json', 'application/json'],
    ['application/atom+xml', 'plain', 'text/plain'],
    ['application/xhtml+xml', 'plain', 'text/plain'],
    ['application/vnd.api+json', 'plain', 'text/plain'],
    ['text/xml, text/plain', 'xml', 'text/xml'],
    ['text/plain, application/json', 'plain', 'text/plain'],
    ['image/png, text/yaml, text/json', 'yaml', 'text/yaml'],
    ['text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', 'xml', 'application/xml'],
  ] as const)('for Accept "%s" is %s, as %s', async (accept, format, contentType) => {
    await filled(hub());
    const response = await hub().info('a', accept);
    expect(response.text).toBe(bodies[format]);
    expect(ownLines(response)).toEqual({
      'Content-Type': contentType,
      'Content-Length': String(bodies[format].length),
    });
  });

  it('is plain text without Accept, and follows the first Accept line of several', async () => {
    await filled(hub());
    expect((await hub().ask(get('/pub?id=a'))).text).toBe(bodies.plain);
    expect((await hub().ask(get('/pub?id=a', { Accept: ['text/xml', 'text/json'] }))).text).toBe(bodies.xml);
  });

  it.each(['json', 'xml', 'yaml'] as const)('in %s answers every verb that succeeds', async (format) => {
    await hub().ask(post('/pub?id=a', 'one'));
    const lines = { Accept: `application/${format}` };
    await hub().park('b');
    const told = [
      await hub().ask(post('/pub?id=a', 'two', lines)),
      await hub().ask(post('/pub?id=b', 'two', lines)),
      await hub().askCold(head('PUT', '/pub?id=a', lines)),
      await hub().askCold(head('DELETE', '/pub?id=a', lines)),
    ];
    expect(told.map(({ status }) => status)).toEqual([202, 201, 200, 200]);
    for (const response of told) expect(response.header('Content-Type')).toBe(`application/${format}`);
    const missing = await hub().askCold(head('DELETE', '/pub?id=a', lines));
    expect([missing.status, missing.text, missing.header('Content-Type')]).toEqual([404, '', undefined]);
  });

  it('counts no message that has expired', async () => {
    await hub().publish('a', 'one');
    hub().clock.advance(3_600_000);
    await hub().publish('a', 'two');
    expect((await hub().info('a', 'text/json')).text).toBe('{"messages": 2, "requested": 3600, "subscribers": 0 }');
    hub().clock.advance(3_600_000);
    expect((await hub().info('a', 'text/json')).text).toBe('{"messages": 1, "requested": 7200, "subscribers": 0 }');
  });
});

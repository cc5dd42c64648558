import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { channelKey } from '../../src/channels/channel-key.js';
import { eventually } from '../support/eventually.js';
import { ManualClock } from '../support/manual-clock.js';
import { closeRawClients, RawClient } from '../support/raw-client.js';
import { RecordedLog } from '../support/recorded-log.js';
import { startTestHub, type TestHub } from '../support/start-hub.js';
import { AdminClient } from './support/admin-client.js';

const yaml = `
locations:
  - { path: /pub, channel: $arg_id, publisher: on, max_message_buffer_length: 3, message_timeout: 90m }
  - { path: /sub, channel: $arg_id, subscriber: long-poll, message_timeout: 0, channel_timeout: 1500ms }
  - { path: /brief, channel: $arg_id, publisher: on, message_timeout: 1500ms }
  - { path: /other/pub, channel: $arg_id, publisher: on, channel_group: other }
`;

let hub: TestHub;
let admin: AdminClient;
let clock: ManualClock;
let log: RecordedLog;

beforeEach(async () => {
  clock = new ManualClock();
  log = new RecordedLog();
  hub = await startTestHub({ yaml, clock, logger: log });
  admin = await AdminClient.of(hub.adminUrl);
});

afterEach(async () => {
  closeRawClients();
  await hub.stop();
});

async function publish(target: string, body = 'hello'): Promise<void> {
  const { status } = await fetch(hub.url + target, { method: 'POST', body });
  expect(status).toBe(202);
}

/** Waits on a channel as a device does. */
async function poll(id: string): Promise<RawClient> {
  const client = await RawClient.connect(hub);
  const before = hub.channels.totals().parkedPolls;
  client.send(`GET /sub?id=${id} HTTP/1.1\r\nHost: hub\r\n\r\n`);
  await eventually('the poll waits', () => hub.channels.totals().parkedPolls > before);
  return client;
}

describe('GET /admin/channels/{id}', () => {
  it('tells what a channel holds, who waits, what passed, and the settings in force as they are configured', async () => {
    await publish('/pub?id=fan/7', 'on');
    clock.advance(2_000);
    await publish('/pub?id=fan/7', 'off');
    const { status, json } = await admin.get('/admin/channels/fan%2F7');
    expect(status).toBe(200);
    expect(json).toEqual({
      id: 'fan/7',
      group: '',
      href: '/admin/channels/fan%2F7',
      messages: 2,
      bytes: hub.channels.log.stats().bytes,
      subscribers: 0,
      published: 2,
      delivered: 0,
      firstPosition: '1768478400:0',
      lastPosition: '1768478402:0',
      createdAt: '2026-01-15T12:00:00.000Z',
      lastPublishedAt: '2026-01-15T12:00:02.000Z',
      lastPolledAt: null,
      settings: {
        location: '/pub',
        min_message_buffer_length: 1,
        max_message_buffer_length: 3,
        message_timeout: '1h30m',
        channel_timeout: '5s',
      },
    });
  });

  it('tells of polls that wait and of those that were answered, and the settings of the last one who came', async () => {
    const device = await poll('fan-7');
    clock.advance(1_000);
    const { json } = await admin.get('/admin/channels/fan-7');
    expect(json).toMatchObject({
      subscribers: 1,
      delivered: 0,
      firstPosition: null,
      lastPosition: null,
      lastPublishedAt: null,
      lastPolledAt: '2026-01-15T12:00:00.000Z',
      settings: { location: '/sub', message_timeout: '0s', channel_timeout: '1s500ms' },
    });
    await fetch(`${hub.url}/pub?id=fan-7`, { method: 'POST', body: 'on' });
    expect((await device.response()).text).toBe('on');
    expect((await admin.get('/admin/channels/fan-7')).json).toMatchObject({
      subscribers: 0,
      published: 1,
      delivered: 1,
    });
  });

  it('has no settings for a channel that no location used', async () => {
    await publish('/v1/devices/fan-7/events/temperature', '{"celsius":31.5}');
    const { json } = await admin.get('/admin/channels/devices%2Ffan-7%2Fevents%2Ftemperature');
    expect(json).toMatchObject({ messages: 1, settings: null });
  });

  it('counts no message that is past its time', async () => {
    await publish('/brief?id=a');
    // Past the message's time, and before the next sweep.
    clock.advance(1_600);
    expect((await admin.get('/admin/channels/a')).json).toMatchObject({ messages: 0, bytes: 0, firstPosition: null });
  });

  it('makes no channel', async () => {
    const { status, json } = await admin.get('/admin/channels/nobody');
    expect([status, json.code, json.detail]).toEqual([404, 'channel_not_found', 'There is no channel "nobody".']);
    await admin.get('/admin/channels/nobody/messages');
    await admin.delete('/admin/channels/nobody');
    expect(hub.channels.totals().channels).toBe(0);
  });

  it.each([
    ['a/b', 'a%2Fb'],
    ['%C3%A9', '%25C3%25A9'],
    ['%c3%a9', '%25c3%25a9'],
    ['sp%20ace', 'sp%2520ace'],
    ['sp+ace', 'sp+ace'],
    ['sp+ace', 'sp%2Bace'],
    ['a?b=c', 'a%3Fb%3Dc'],
    ['~;,:@!$', '~;,:@!$'],
  ])('finds what is %s on the wire at %s', async (id, segment) => {
    await publish(`/pub?id=${id}`);
    expect((await admin.get(`/admin/channels/${segment}`)).json).toMatchObject({ id, messages: 1 });
  });

  it('finds every id under the href that the list gives it', async () => {
    const text = fc
      .string({ unit: 'binary', minLength: 1, maxLength: 12 })
      .filter((id) => !/[\0\ud800-\udfff]/.test(id));
    const group = fc.constantFrom('', 'other', 'a/b%');
    await fc.assert(
      fc.asyncProperty(text, group, async (id, group) => {
        fc.pre(id !== '.' && id !== '..');
        const key = channelKey(group, id);
        hub.channels.open(key);
        const { json } = await admin.get('/admin/channels');
        expect(json.channels).toHaveLength(1);
        const found = await admin.get(json.channels[0].href);
        expect(found.json).toMatchObject({ id, group });
        hub.channels.delete(key);
      }),
      { numRuns: 200 },
    );
  });

  it('tells channels of a group from those of the same id without one', async () => {
    await publish('/pub?id=a', 'none');
    await publish('/other/pub?id=a', 'other');
    await publish('/other/pub?id=b');
    expect((await admin.get('/admin/channels/a?group=other')).json).toMatchObject({ group: 'other', messages: 1 });
    expect((await admin.get('/admin/channels/a')).json).toMatchObject({ group: '', messages: 1 });
    expect((await admin.get('/admin/channels/a/messages?group=other')).json.messages[0].body).toBe('other');
    const { status, json } = await admin.get('/admin/channels/b');
    expect([status, json.detail]).toEqual([404, 'There is no channel "b".']);
    expect((await admin.get('/admin/channels/c?group=other')).json.detail).toBe(
      'There is no channel "c" in the group "other".',
    );
  });

  it.each([
    ['/admin/channels/a%00b', 'invalid_channel_id'],
    ['/admin/channels/a?group=x%00', 'invalid_channel_id'],
    [`/admin/channels/${'a'.repeat(8193)}`, 'invalid_channel_id'],
    ['/admin/channels/%zz', 'bad_request'],
    ['/admin/channels/%C3', 'bad_request'],
  ])('refuses %.40s', async (path, code) => {
    const { status, json } = await admin.get(path);
    expect([status, json.code]).toEqual([400, code]);
  });

  it('takes an id as long as one can be configured', async () => {
    const id = '/'.repeat(8192);
    hub.channels.open(id);
    expect((await admin.get(`/admin/channels/${encodeURIComponent(id)}`)).json.id).toBe(id);
  });
});

describe('DELETE /admin/channels/{id}', () => {
  it('ends the channel: its messages are gone, polls are answered 410, and it is logged', async () => {
    await publish('/pub?id=fan%207');
    const device = await poll('other');
    log.lines.length = 0;
    const deleted = await admin.delete('/admin/channels/fan%25207');
    expect([deleted.status, deleted.text]).toEqual([204, '']);
    expect((await admin.get('/admin/channels/fan%25207')).status).toBe(404);
    expect(hub.channels.log.stats().messages).toBe(0);
    expect((await admin.delete('/admin/channels/other')).status).toBe(204);
    expect((await device.response()).status).toBe(410);
    expect(log.at('info').map(({ facts }) => facts)).toEqual([{ channel: 'fan%207' }, { channel: 'other' }]);
  });

  it('deletes in the group that is named', async () => {
    await publish('/pub?id=a');
    await publish('/other/pub?id=a');
    expect((await admin.delete('/admin/channels/a?group=other')).status).toBe(204);
    expect((await admin.get('/admin/channels')).json.channels.map(({ group }: { group: string }) => group)).toEqual([
      '',
    ]);
  });
});

describe('GET /admin/channels', () => {
  function names(json: { channels: { group: string; id: string }[] }): string[] {
    return json.channels.map(({ group, id }) => `${group}:${id}`);
  }

  it('pages through all channels, each once, by group and then by id', async () => {
    const ids = Array.from({ length: 23 }, (_, i) => `c${(i * 7) % 23}`);
    for (const id of ids) hub.channels.open(channelKey('', id));
    for (const id of ['x', 'y']) hub.channels.open(channelKey('other', id));
    const seen: string[] = [];
    let path = '/admin/channels?limit=5';
    for (let pages = 1; ; pages++) {
      const { json } = await admin.get(path);
      seen.push(...names(json));
      if (json.next === null) {
        expect(pages).toBe(5);
        break;
      }
      expect(json.channels).toHaveLength(5);
      path = `/admin/channels?limit=5&after=${json.next}`;
    }
    expect(seen).toEqual([...ids.sort().map((id) => `:${id}`), 'other:x', 'other:y']);
  });

  it('goes on behind a channel that was deleted meanwhile, and shows those that came', async () => {
    for (const id of ['a', 'c', 'e']) hub.channels.open(id);
    const { json } = await admin.get('/admin/channels?limit=2');
    hub.channels.delete('c');
    hub.channels.open('d');
    const rest = await admin.get(`/admin/channels?after=${json.next}`);
    expect([names(rest.json), rest.json.next]).toEqual([[':d', ':e'], null]);
  });

  it('keeps to a prefix and to a group', async () => {
    for (const id of ['devices/a/commands', 'devices/b/commands', 'devicez', 'x']) hub.channels.open(id);
    for (const id of ['devices/c', 'x']) hub.channels.open(channelKey('other', id));
    const listed = async (query: string) => names((await admin.get(`/admin/channels?${query}`)).json);
    expect(await listed('prefix=devices/')).toEqual([':devices/a/commands', ':devices/b/commands', 'other:devices/c']);
    expect(await listed('prefix=devices%2Fb')).toEqual([':devices/b/commands']);
    expect(await listed('group=other')).toEqual(['other:devices/c', 'other:x']);
    expect(await listed('group=&prefix=x')).toEqual([':x']);
    expect(await listed('group=nobody')).toEqual([]);
  });

  it.each([
    ['limit=0', 'invalid_limit', '"limit" is 0. A whole number from 1 to 1000 is allowed.'],
    ['limit=1001', 'invalid_limit', '"limit" is 1001. A whole number from 1 to 1000 is allowed.'],
    ['limit=ten', 'invalid_limit', '"limit" is "ten". A whole number from 1 to 1000 is allowed.'],
    ['limit=', 'invalid_limit', '"limit" is "". A whole number from 1 to 1000 is allowed.'],
    ['limit=1e2', 'invalid_limit', '"limit" is "1e2". A whole number from 1 to 1000 is allowed.'],
    ['limit=1&limit=2', 'invalid_limit', '"limit" is ["1","2"]. A whole number from 1 to 1000 is allowed.'],
    ['after=abc', 'invalid_cursor', '"after" is "abc". It must be what the page before gave as "next".'],
    ['after=WyJhIl0', 'invalid_cursor', '"after" is "WyJhIl0". It must be'],
    ['prefix=a&prefix=b', 'bad_request', '"prefix" is ["a","b"]. Text of up to 8192 characters is allowed.'],
    ['limt=5', 'bad_request', '"limt" is not known here. Allowed are "group", "prefix", "after", "limit".'],
    ['__proto__=5', 'bad_request', '"__proto__" is not known here.'],
    ['limt=5&limit=0', 'bad_request', '"limit" is 0.'],
  ])('refuses %s as %s', async (query, code, sentence) => {
    const { status, json } = await admin.get(`/admin/channels?${query}`);
    expect([status, json.code]).toEqual([400, code]);
    expect(json.detail).toContain(sentence);
  });

  it('shortens what it repeats of a long value', async () => {
    const { json } = await admin.get(`/admin/channels?limit=${'9'.repeat(5_000)}`);
    expect(json.detail.length).toBeLessThan(200);
  });
});

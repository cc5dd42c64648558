import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { eventually } from '../support/eventually.js';
import { ManualClock } from '../support/manual-clock.js';
import { closeRawClients, RawClient } from '../support/raw-client.js';
import { startTestHub, type TestHub } from '../support/start-hub.js';
import { AdminClient } from './support/admin-client.js';

const yaml = `
limits: { max_reserved_memory: 64M, max_channels: 3 }
locations:
  - { path: /pub, channel: $arg_id, publisher: on, message_buffer_length: 50, message_timeout: 2h, maxBodySize: 8M }
  - { path: /lasting, channel: $arg_id, publisher: on, message_timeout: 0 }
  - { path: /sub, channel: $arg_id, subscriber: long-poll, defaultType: text/plain }
`;
const MIB = 1024 * 1024;

let hub: TestHub;
let admin: AdminClient;
let clock: ManualClock;

beforeEach(async () => {
  clock = new ManualClock();
  hub = await startTestHub({ yaml, clock });
  admin = await AdminClient.of(hub.adminUrl);
});

afterEach(async () => {
  closeRawClients();
  await hub.stop();
});

async function publish(target: string, body: string | Uint8Array<ArrayBuffer>, type = 'text/plain'): Promise<void> {
  const { status } = await fetch(hub.url + target, { method: 'POST', body, headers: { 'Content-Type': type } });
  expect(status).toBe(202);
}

describe('GET /admin/channels/{id}/messages', () => {
  it('tells messages from the oldest on, with all that is known of them', async () => {
    await publish('/pub?id=a', 'one');
    clock.advance(1_000);
    await publish('/lasting?id=a', new Uint8Array([0xff, 0x00]), 'application/octet-stream');
    const { status, json } = await admin.get('/admin/channels/a/messages');
    expect(status).toBe(200);
    expect(json).toEqual({
      messages: [
        {
          position: '1768478400:0',
          publishedAt: '2026-01-15T12:00:00.000Z',
          expiresAt: '2026-01-15T14:00:00.000Z',
          contentType: 'text/plain',
          cause: null,
          size: 3,
          encoding: 'text',
          body: 'one',
          isCut: false,
        },
        {
          position: '1768478401:0',
          publishedAt: '2026-01-15T12:00:01.000Z',
          expiresAt: null,
          contentType: 'application/octet-stream',
          cause: null,
          size: 2,
          encoding: 'base64',
          body: '/wA=',
          isCut: false,
        },
      ],
      next: null,
    });
  });

  it('is no poll: it delivers nothing, drops nothing and keeps no channel alive', async () => {
    await publish('/pub?id=a', 'one');
    await admin.get('/admin/channels/a/messages');
    const { json } = await admin.get('/admin/channels/a');
    expect(json).toMatchObject({ messages: 1, delivered: 0, lastPolledAt: null });
  });

  it('pages through all messages, each once, also when the page ends with the last one', async () => {
    for (let i = 0; i < 40; i++) await publish('/pub?id=a', `m${i}`);
    const bodies: string[] = [];
    const pages: number[] = [];
    for (let next: string | null = ''; next !== null; ) {
      const { json } = await admin.get(`/admin/channels/a/messages?limit=20${next && `&after=${next}`}`);
      bodies.push(...json.messages.map(({ body }: { body: string }) => body));
      pages.push(json.messages.length);
      next = json.next;
    }
    expect(bodies).toEqual(Array.from({ length: 40 }, (_, i) => `m${i}`));
    expect(pages).toEqual([20, 20]);
  });

  it('shows nothing behind the last message, and goes on from a position that is gone', async () => {
    for (const body of ['one', 'two']) await publish('/pub?id=a', body);
    const { json } = await admin.get('/admin/channels/a/messages?after=9999999999:0');
    expect(json).toEqual({ messages: [], next: null });
    const rest = await admin.get('/admin/channels/a/messages?after=1768478400:0');
    expect(rest.json.messages.map(({ body }: { body: string }) => body)).toEqual(['two']);
  });

  it('cuts long bodies, text between characters, and says so', async () => {
    await publish('/pub?id=a', 'a€'.repeat(10));
    const shown = async (limit: number) =>
      (await admin.get(`/admin/channels/a/messages?bodyLimit=${limit}`)).json.messages[0];
    expect(await shown(6)).toMatchObject({ encoding: 'text', body: 'a€a', size: 40, isCut: true });
    expect(await shown(0)).toMatchObject({ encoding: 'text', body: '', isCut: true });
    expect(await shown(40)).toMatchObject({ body: 'a€'.repeat(10), isCut: false });
    await publish('/pub?id=b', new Uint8Array([0x61, 0xff, 0xff]));
    const binary = (await admin.get('/admin/channels/b/messages?bodyLimit=2')).json.messages[0];
    expect(binary).toMatchObject({ encoding: 'base64', body: 'Yf8=', isCut: true });
  });

  it('ends a page early when its bodies are large, and shows a larger one alone', async () => {
    for (const size of [MIB / 2, MIB / 2, 1, 3 * MIB, 1]) await publish('/pub?id=a', 'x'.repeat(size));
    const page = async (after: string) => {
      const { json } = await admin.get(`/admin/channels/a/messages?bodyLimit=${MIB}${after}`);
      return { sizes: json.messages.map(({ size }: { size: number }) => size), next: json.next };
    };
    const first = await page('');
    expect(first.sizes).toEqual([MIB / 2, MIB / 2]);
    const second = await page(`&after=${first.next}`);
    expect(second.sizes).toEqual([1]);
    const third = await page(`&after=${second.next}`);
    expect(third.sizes).toEqual([3 * MIB]);
    expect(await page(`&after=${third.next}`)).toEqual({ sizes: [1], next: null });
  });

  it.each([
    ['after=yesterday', 'invalid_position', '"after" is "yesterday". A position is allowed as answers give it'],
    ['limit=1001', 'invalid_limit', '"limit" is 1001. A whole number from 1 to 1000 is allowed.'],
    ['bodyLimit=1048577', 'invalid_limit', '"bodyLimit" is 1048577. A whole number from 0 to 1048576 is allowed.'],
    ['body=1', 'bad_request', '"body" is not known here. Allowed are "after", "limit", "bodyLimit", "group".'],
  ])('refuses %s as %s', async (query, code, sentence) => {
    const { status, json } = await admin.get(`/admin/channels/a/messages?${query}`);
    expect([status, json.code]).toEqual([400, code]);
    expect(json.detail).toContain(sentence);
  });
});

describe('POST /admin/channels/{id}/messages', () => {
  it('publishes to those who wait and keeps the message by the settings in force', async () => {
    await publish('/pub?id=a', 'one');
    const waiting = await RawClient.connect(hub);
    waiting.send('GET /sub?id=new HTTP/1.1\r\nHost: hub\r\n\r\n');
    await eventually('the poll waits', () => hub.channels.totals().parkedPolls === 1);
    const posted = await admin.post('/admin/channels/new/messages', { body: 'go', contentType: 'text/x-order' });
    expect([posted.status, posted.json]).toEqual([201, { position: '1768478400:0', delivered: 1 }]);
    const answer = await waiting.response();
    expect([answer.status, answer.text, answer.header('content-type')]).toEqual([200, 'go', 'text/x-order']);
    expect((await admin.post('/admin/channels/a/messages', { body: 'two' })).json).toEqual({
      position: '1768478400:1',
      delivered: 0,
    });
    const { messages } = (await admin.get('/admin/channels/a/messages')).json;
    expect(messages[1]).toMatchObject({ body: 'two', contentType: null, expiresAt: '2026-01-15T14:00:00.000Z' });
  });

  it('makes the channel, and keeps the newest ten for an hour where no location has said otherwise', async () => {
    for (let i = 0; i < 12; i++) await admin.post('/admin/channels/a%2Fb/messages', { body: `m${i}` });
    const { messages } = (await admin.get('/admin/channels/a%2Fb/messages')).json;
    expect(messages).toHaveLength(10);
    expect(messages[0]).toMatchObject({ body: 'm2', expiresAt: '2026-01-15T13:00:00.000Z' });
    expect((await fetch(`${hub.url}/pub?id=a/b`)).status).toBe(200);
  });

  it('stores every body that it shows again byte for byte', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 40 }), fc.boolean(), async (bytes, isText) => {
        const sent = isText
          ? { body: Buffer.from(bytes).toString('latin1') }
          : { body: Buffer.from(bytes).toString('base64'), encoding: 'base64' };
        const { json } = await admin.post('/admin/channels/a/messages', sent);
        const [, after = ''] = json.position.split(':');
        const before = `1768478400:${Number(after) - 1}`;
        const page = await admin.get(
          `/admin/channels/a/messages?limit=1${Number(after) > 0 ? `&after=${before}` : ''}`,
        );
        const { body, encoding } = page.json.messages[0];
        expect(Buffer.from(body, encoding === 'text' ? 'utf8' : 'base64')).toEqual(
          Buffer.from(sent.body, isText ? 'utf8' : 'base64'),
        );
      }),
      { numRuns: 100 },
    );
  });

  it.each([
    [{}, 422, 'invalid_payload', '"body" is missing. Text of up to 2097152 characters is allowed.'],
    [{ body: 7 }, 422, 'invalid_payload', '"body" is 7.'],
    [{ body: 'x', encoding: 'hex' }, 422, 'invalid_payload', '"encoding" is "hex". Allowed is "text" or "base64".'],
    [{ body: 'x', encoding: 'base64' }, 422, 'invalid_payload', '"body" is not base64 as RFC 4648 has it'],
    [
      { body: 'x', contentType: 'text/plain\r\nX: y' },
      422,
      'invalid_payload',
      '"contentType" is "text/plain\\r\\nX: y".',
    ],
    [{ body: 'x', type: 'y' }, 422, 'invalid_payload', '"type" is not known here. Allowed are "body", "encoding"'],
    [[1], 422, 'invalid_payload', 'The body must be a JSON object'],
    ['', 400, 'bad_json', 'The body is not JSON: '],
    ['{"body":', 400, 'bad_json', 'The body is not JSON: Unexpected end of JSON input'],
    ['{"body":"x","__proto__":{}}', 400, 'bad_json', 'it has a member "__proto__" or "constructor"'],
    [{ body: 'x'.repeat(MIB + 1) }, 413, 'body_too_large', 'The message has 1048577 bytes; 1048576 at most'],
    [{ body: '€'.repeat(MIB / 3 + 1) }, 413, 'body_too_large', 'at most are taken here. Nothing was stored.'],
    [
      { body: 'x'.repeat(2 * MIB) },
      413,
      'body_too_large',
      'The body is larger than 2097152 bytes. Nothing was stored.',
    ],
  ])('refuses %.40j with %d', async (body, status, code, sentence) => {
    const answer = await admin.post('/admin/channels/a/messages', body);
    expect([answer.status, answer.json.code]).toEqual([status, code]);
    expect(answer.json.detail).toContain(sentence);
    expect(hub.channels.totals()).toMatchObject({ channels: 0, published: 0 });
  });

  it('takes the longest message there may be', async () => {
    expect((await admin.post('/admin/channels/a/messages', { body: 'x'.repeat(MIB) })).status).toBe(201);
  });

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data', ''])(
    'refuses a body of the type "%s", which a page of another site could send',
    async (type) => {
      const headers = { 'Content-Type': type };
      const { status, json } = await admin.ask('/admin/channels/a/messages', {
        method: 'POST',
        headers,
        body: '{"body":"x"}',
      });
      expect([status, json.code]).toEqual([415, 'unsupported_media_type']);
    },
  );

  it('tells that there are too many channels', async () => {
    for (const id of ['a', 'b', 'c']) hub.channels.open(id);
    const { status, json } = await admin.post('/admin/channels/d/messages', { body: 'x' });
    expect([status, json.code]).toEqual([507, 'channel_limit']);
  });

  it('refuses a NUL in the id and unknown parameters', async () => {
    expect((await admin.post('/admin/channels/a%00/messages', { body: 'x' })).json.code).toBe('invalid_channel_id');
    expect((await admin.post('/admin/channels/a/messages?x=1', { body: 'x' })).json.code).toBe('bad_request');
    expect(hub.channels.totals().channels).toBe(0);
  });
});

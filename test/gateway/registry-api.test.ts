import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from '../support/eventually.js';
import { startTestHub, type TestHub } from '../support/start-hub.js';

describe.each([
  ['in the fast lane', true],
  ['through Fastify', false],
])('The device itself under /v1/devices/{id}, served %s,', (_, fastLane) => {
  let hub: TestHub;

  beforeEach(async () => {
    hub = await startTestHub({ fastLane });
  });

  afterEach(() => hub.stop());

  async function ask(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
    const sent = typeof body === 'string' || body === undefined ? body : JSON.stringify(body);
    const response = await fetch(`${hub.url}/v1/devices/${path}`, { method, headers, ...(sent && { body: sent }) });
    const isJson = response.headers.get('content-type')?.includes('json') ?? false;
    // biome-ignore lint/suspicious/noExplicitAny: what is expected of it stands in each test
    const json = (isJson ? await response.json() : undefined) as any;
    return { status: response.status, etag: response.headers.get('etag') ?? '', json };
  }

  it('is registered by PUT or POST with attributes, and told by GET', async () => {
    const made = await ask('PUT', 'fan', { attributes: { site: 'north' } });
    expect(made).toMatchObject({
      status: 201,
      json: {
        id: 'fan',
        attributes: { site: 'north' },
        registeredBy: 'request',
        presence: 'offline',
        lastContact: null,
      },
    });
    expect((await ask('POST', 'pump')).status).toBe(201);
    expect((await ask('POST', 'fan', { attributes: {} })).status).toBe(200);
    expect(await ask('GET', 'fan')).toMatchObject({ status: 200, json: { attributes: {} } });
    expect(await ask('GET', 'ghost')).toMatchObject({ status: 404, json: { code: 'device_not_found' } });
    expect((await ask('DELETE', 'fan')).status).toBe(405);
  });

  it('has its attributes changed only as they were when that is asked for', async () => {
    const { etag } = await ask('PUT', 'fan', { attributes: { n: 1 } }, { 'If-None-Match': '*' });
    expect((await ask('PUT', 'fan', { attributes: { n: 2 } }, { 'If-Match': etag })).status).toBe(200);
    const stale = await ask('PUT', 'fan', { attributes: { n: 3 } }, { 'If-Match': etag });
    expect(stale).toMatchObject({ status: 409, json: { code: 'revision_conflict' } });
    const odd = await ask('PUT', 'fan', { attributes: { n: 3 } }, { 'If-Match': 'x' });
    expect(odd).toMatchObject({ status: 400, json: { code: 'bad_request' } });
  });

  it('is refused with a sentence when what it says is impossible', async () => {
    expect(await ask('PUT', 'fan', '{')).toMatchObject({ status: 400, json: { code: 'bad_json' } });
    expect(await ask('PUT', 'fan', { site: 1 })).toMatchObject({
      status: 422,
      json: { detail: 'A registration has "attributes", not "site".' },
    });
    expect(await ask('PUT', 'f%20n', {})).toMatchObject({ status: 400, json: { code: 'invalid_device_id' } });
    expect((await ask('GET', 'fan')).status).toBe(404);
  });

  it('stores a batch of events once by their ids', async () => {
    const batch = '{"id":"1","type":"tick","data":1}\n{"type":"tick","data":2}';
    expect(await ask('POST', 'fan/events', batch)).toMatchObject({
      status: 202,
      json: { stored: 2, repeated: 0, positions: [expect.stringMatching(/^\d+:\d+$/), expect.any(String)] },
    });
    expect(await ask('POST', 'fan/events', batch)).toMatchObject({
      json: { stored: 1, repeated: 1, positions: [null, expect.any(String)] },
    });
    expect(await ask('POST', 'fan/events', '[{"type":"a b"}]')).toMatchObject({
      status: 400,
      json: { detail: expect.stringContaining('Event 1 of the batch') },
    });
    const events = await fetch(`${hub.url}/sub?id=devices/fan/events/tick`);
    expect(await events.text()).toBe('1');
    expect((await ask('GET', 'fan/events')).status).toBe(405);
  });

  it('has a desired state that the device asks for until it is there', async () => {
    await ask('PUT', 'fan');
    expect((await ask('GET', 'fan/desired')).status).toBe(204);
    const { json: first, etag } = await ask('PUT', 'fan/desired', { on: true }, { 'If-None-Match': '*' });
    expect(first).toMatchObject({ document: { on: true }, reported: null });
    expect(await ask('GET', 'fan/desired?after=0')).toMatchObject({ status: 200, json: first, etag });
    expect((await ask('GET', `fan/desired?after=${first.version}`)).status).toBe(204);
    const stale = await ask('PUT', 'fan/desired', {}, { 'If-None-Match': '*' });
    expect(stale).toMatchObject({ status: 412, json: { code: 'version_conflict' } });
    const { json: second } = await ask('PUT', 'fan/desired', { on: false }, { 'If-Match': etag });
    expect(second.reported).toMatchObject({ version: first.version });
    expect((await ask('POST', 'fan/desired/reported', { version: second.version })).status).toBe(204);
    expect((await ask('GET', 'fan/desired')).json.reported.version).toBe(second.version);
    expect((await ask('POST', 'fan/desired/reported', { version: 'x' })).status).toBe(400);
    expect(await ask('PUT', 'ghost/desired', {})).toMatchObject({ status: 404, json: { code: 'device_not_found' } });
  });
});

describe('A hub whose registration is closed', () => {
  let hub: TestHub;
  beforeEach(async () => {
    hub = await startTestHub({ yaml: 'devices: { registration: closed }\n' });
  });
  afterEach(() => hub.stop());

  it('refuses strangers with a sentence', async () => {
    const refused = {
      code: 'device_not_found',
      detail: expect.stringContaining('"fan" is not registered, and devices.registration is closed'),
    };
    for (const [method, path, body] of [
      ['POST', 'fan/events/tick', '1'],
      ['POST', 'fan/events', '{"type":"tick"}'],
      ['PUT', 'fan', '{}'],
      ['GET', 'fan/desired', undefined],
      ['GET', 'fan/desired?wait=20', undefined],
      ['GET', 'fan/commands?wait=20', undefined],
      ['POST', 'fan/commands', '{"name":"fan.set"}'],
      ['POST', 'fan/events/tick?wait=20', '1'],
    ] as const) {
      const response = await fetch(`${hub.url}/v1/devices/${path}`, { method, ...(body && { body }) });
      expect([path, response.status, await response.json()]).toMatchObject([path, 404, refused]);
    }
  });

  it('keeps nothing of what was refused', async () => {
    for (const path of ['fan/events/tick', 'fan/commands']) {
      await fetch(`${hub.url}/v1/devices/${path}`, { method: 'POST', body: '{"name":"a"}' });
    }
    expect(hub.channels.list({ prefix: 'devices/', limit: 10 })).toEqual([]);
  });

  it('takes the events, batches and commands of those whom an operator registered', async () => {
    await fetch(`${hub.adminUrl}/admin/devices/fan`, {
      method: 'PUT',
      headers: { 'Content-Type': 'application/json' },
      body: '{"attributes":{}}',
    });
    for (const [path, body] of [
      ['fan/events/tick', '1'],
      ['fan/events', '{"type":"tick"}'],
      ['fan/commands', '{"name":"fan.set"}'],
    ] as const) {
      const response = await fetch(`${hub.url}/v1/devices/${path}`, { method: 'POST', body });
      expect([path, response.status]).toEqual([path, 202]);
    }
  });

  it('refuses commands that are published for strangers, in a sentence', async () => {
    const refused = await fetch(`${hub.url}/pub?id=devices/fan/commands`, { method: 'POST', body: 'on' });
    expect(refused.status).toBe(404);
    expect(await refused.text()).toMatch(/^Device "fan" is not registered, and devices\.registration is closed: .*\n$/);
  });

  it('leaves strangers out of a job', async () => {
    const sent = await fetch(`${hub.url}/v1/commands`, { method: 'POST', body: '{"name":"a","devices":["fan"]}' });
    const { id } = (await sent.json()) as { id: string };
    const path = `${hub.url}/v1/commands/jobs/${id}/devices`;
    await eventually('the device is refused', async () => (await (await fetch(path)).text()).includes('"REFUSED"'));
    expect(await (await fetch(path)).text()).toContain('devices.registration is closed');
  });

  it('serves the polls of strangers on locations as those of any client', async () => {
    await fetch(`${hub.url}/pub?id=devices/fan/events/tick`, { method: 'POST', body: 'x' });
    expect(await (await fetch(`${hub.url}/sub?id=devices/fan/events/tick`)).text()).toBe('x');
    expect((await fetch(`${hub.url}/v1/devices/fan`)).status).toBe(404);
  });
});

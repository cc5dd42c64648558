import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { errorCatalogue } from '../../src/channels/hub-error.js';
import { EngineError } from '../../src/engine/message-log.js';
import { eventually } from '../support/eventually.js';
import { startTestHub, type TestHub } from '../support/start-hub.js';
import { AdminClient } from './support/admin-client.js';
import type { Contract, OpenApiDocument } from './support/contract.js';

/** Met in test/admin/logic-turns.test.ts. */
const OF_TURNS = /^(nextTurns|answerTurn|readTurnState) /;

describe('/admin/openapi.json', () => {
  let hub: TestHub;
  let admin: AdminClient;
  let contract: Contract;
  let document: OpenApiDocument;

  beforeAll(async () => {
    const yaml = 'limits: { max_channels: 3, max_reserved_memory: 64k }\ndevices: { max_devices: 1 }';
    hub = await startTestHub({ yaml });
    admin = await AdminClient.of(hub.adminUrl);
    ({ contract } = admin);
    ({ document } = contract);
  });

  afterAll(() => hub.stop());

  it('has every URL of the application and no other', async () => {
    const { json } = await admin.get('/nothing');
    const served = /but at (.*)\.$/.exec(json.detail)?.[1]?.split(', ');
    const described = Object.keys(document.paths).map((path) => path.replace(/\{(\w+)\}/g, ':$1'));
    expect(described.sort()).toEqual(served);
  });

  it('has every method of each URL and no other', async () => {
    for (const [path, methods] of Object.entries(document.paths)) {
      const { headers } = await admin.ask(path.replace(/\{\w+\}/g, 'a'), { method: 'OPTIONS' });
      const described = Object.keys(methods).map((method) => method.toUpperCase());
      const alike = described.includes('GET') ? ['HEAD', 'OPTIONS'] : ['OPTIONS'];
      expect({ [path]: headers.allow }).toEqual({ [path]: [...described, ...alike].sort().join(', ') });
    }
  });

  it('describes every operation, parameter, answer and member', () => {
    const undescribed = [
      ...contract.operations.flatMap(({ operationId, summary, parameters = [], responses }) => [
        ...(summary ? [] : [operationId]),
        ...parameters.filter(({ description }) => !description).map(({ name }) => `${operationId} ${name}`),
        ...Object.keys(responses).filter((status) => !responses[status]?.description),
      ]),
      ...Object.entries(document.components.schemas).flatMap(([name, { properties = {} }]) =>
        Object.keys(properties)
          .filter((member) => !('description' in (properties[member] as object)))
          .map((member) => `${name}.${member}`),
      ),
    ];
    expect(undescribed).toEqual([]);
    const ids = contract.operations.map(({ operationId }) => operationId);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('has examples that its schemas allow', () => {
    const wrong = Object.entries(document.components.schemas).flatMap(([name, { properties = {} }]) =>
      Object.entries(properties)
        .filter(([, schema]) => 'example' in schema)
        .flatMap(([member, schema]) =>
          contract
            .faultsOf(schema, (schema as { example: unknown }).example)
            .map((fault) => `${name}.${member}${fault}`),
        ),
    );
    expect(wrong).toEqual([]);
    for (const { operationId, responses } of contract.operations) {
      for (const [status, { content = {} }] of Object.entries(responses)) {
        const [media] = Object.values(content);
        if (media?.example === undefined) continue;
        expect({ [`${operationId} ${status}`]: contract.faultsOf(media.schema, media.example) }).toEqual({
          [`${operationId} ${status}`]: [],
        });
        expect(media.example).toMatchObject({ status: Number(status) });
      }
    }
  });

  it('has errors of the catalogue only, under their statuses', () => {
    for (const { responses } of contract.operations) {
      for (const [status, { description = '', content = {} }] of Object.entries(responses)) {
        if (!('application/problem+json' in content)) continue;
        const codes = description.match(/[a-z_]{4,}/g) ?? [];
        expect(codes.length).toBeGreaterThan(0);
        for (const code of codes) {
          expect(errorCatalogue[code as keyof typeof errorCatalogue].status).toBe(Number(status));
        }
      }
    }
  });

  it('is kept by the real answers of every operation, each status of it', async () => {
    await meetEveryStatus();
    // Nothing makes those fail that only read what is there.
    const unmet = contract.promised.filter((promise) => !contract.met.has(promise) && !OF_TURNS.test(promise));
    expect(unmet).toEqual([
      'listChannels 500',
      'getChannel 500',
      'deleteChannel 500',
      'deleteChannel 503',
      'deleteChannel 507',
      'listDevices 500',
      'getDevice 500',
      // Only while a deletion takes its time: test/devices/registry/registry.test.ts.
      'putDevice 410',
      'putDevice 500',
      'deleteDevice 410',
      'deleteDevice 500',
      'getDeviceStory 500',
      'listJobs 500',
      'getJob 500',
      'deleteJob 500',
      'listPlugins 500',
      'describePlugin 500',
      // Nothing here runs in a worker.
      'reloadPlugin 200',
      'reloadPlugin 500',
      'listDeadLetters 500',
      // Those that are there: test/admin/dead-letters.test.ts.
      'getDeadLetter 200',
      'getDeadLetter 500',
      'deleteDeadLetter 204',
      'deleteDeadLetter 500',
      'redriveDeadLetter 200',
      'redriveDeadLetter 500',
      'listTimers 500',
      // When there are too many: test/admin/recording/recording.test.ts.
      'record 429',
      'record 500',
      // Only in the moment between the end of the recordings and that of the door.
      'record 503',
      // Of one that is there: test/admin/shadows.test.ts.
      'getShadow 200',
      'getShadow 500',
      'reloadShadow 200',
      'reloadShadow 500',
      'reloadShadow 503',
      // Those that are there: test/admin/why.test.ts.
      'whyCommand 200',
      'whyCommand 500',
      // One that is there: test/admin/timers.test.ts.
      'whyTimer 200',
      'whyTimer 500',
      'whyNot 500',
      'getStats 500',
      'getHealth 500',
      'getReadiness 500',
      'getReadiness 503',
      'getOpenApi 500',
    ]);
  });

  async function meetDevices(): Promise<void> {
    const put = (id: string, body: unknown, headers = {}) =>
      admin.ask(`/admin/devices/${id}`, { method: 'PUT', body, headers });
    await put('fan', {});
    await put('pump', {});
    await put('fan', { attributes: 1 });
    await put('fan', '{');
    await put('fan', 'x', { 'Content-Type': 'text/plain' });
    await put('fan', { attributes: { a: 'x'.repeat(2 ** 21) } });
    for (const path of ['/admin/devices', '/admin/devices/fan', '/admin/devices/fan/why']) {
      await admin.get(path);
      await admin.get(`${path}?unknown=1`);
    }
    await admin.get('/admin/devices/ghost');
    await admin.get('/admin/devices/ghost/why');
    await admin.delete('/admin/devices/fan?unknown=1');
    await admin.delete('/admin/devices/fan');
    await admin.delete('/admin/devices/fan');
  }

  async function meetJobs(): Promise<void> {
    const body = JSON.stringify({ name: 'a', devices: ['job-1'] });
    const made = await fetch(`${hub.url}/v1/commands`, { method: 'POST', body });
    const { id } = (await made.json()) as { id: string };
    await admin.get('/admin/jobs');
    await admin.get('/admin/jobs?limit=0');
    for (const query of ['', '?unknown=1']) {
      await admin.get(`/admin/jobs/${id}${query}`);
      await admin.delete(`/admin/jobs/${id}${query}`);
    }
    await admin.get('/admin/jobs/ghost');
    await admin.delete('/admin/jobs/ghost');
    await fetch(`${hub.url}/v1/commands/jobs/${id}/cancel`, { method: 'POST' });
    await eventually('it is over', async () => (await admin.delete(`/admin/jobs/${id}`)).status === 204);
  }

  async function meetDeadLetters(): Promise<void> {
    for (const letters of ['/admin/plugins/thermostat/dead-letters', '/admin/plugins/ghost/dead-letters']) {
      await admin.get(letters);
      await admin.get(`${letters}?limit=0`);
      for (const query of ['', '?unknown=1']) {
        await admin.get(`${letters}/a${query}`);
        await admin.delete(`${letters}/a${query}`);
        await admin.ask(`${letters}/a/redrive${query}`, { method: 'POST' });
      }
    }
    // It is switched off.
    await admin.ask('/admin/plugins/echo/dead-letters/a/redrive', { method: 'POST' });
  }

  async function meetReloads(): Promise<void> {
    for (const what of ['reload', 'shadow/reload']) {
      for (const path of [`thermostat/${what}`, `ghost/${what}`, `thermostat/${what}?unknown=1`]) {
        await admin.ask(`/admin/plugins/${path}`, { method: 'POST' });
      }
    }
    for (const path of [
      'thermostat/description',
      'thermostat/description?unknown=1',
      'ghost/description',
      'echo/description',
    ]) {
      await admin.get(`/admin/plugins/${path}`);
    }
  }

  /** Asks for everything that the document promises; the client holds each answer against it. */
  async function meetEveryStatus(): Promise<void> {
    const { log } = hub.channels.open('broken');
    const fails = (error: Error) => () => Promise.reject(error);
    const away = new EngineError('engine_unavailable', 'It does not answer.');
    for (const path of ['/admin/channels', '/admin/channels/broken', '/admin/channels/broken/messages']) {
      await admin.get(path);
      await admin.get(`${path}?unknown=1`);
    }
    for (const path of ['/admin/stats', '/admin/plugins', '/admin/openapi.json']) {
      await admin.get(path);
      await admin.get(`${path}?unknown=1`);
    }
    for (const path of ['/healthz', '/readyz']) await admin.get(path);
    for (const path of ['thermostat/shadow', 'ghost/shadow', 'thermostat/shadow?unknown=1']) {
      await admin.get(`/admin/plugins/${path}`);
    }
    await admin.get('/admin/why/commands/a');
    await admin.get('/admin/why/commands/a?unknown=1');
    for (const plugin of ['thermostat', 'ghost']) {
      await admin.get(`/admin/why-not?event=devices/fan/events/a&plugin=${plugin}`);
    }
    await admin.get('/admin/why-not?event=x&plugin=thermostat');
    for (const query of ['plugin=thermostat&name=a&key=b', 'plugin=ghost&name=a&key=b', '']) {
      await admin.get(`/admin/why/timers?${query}`);
    }
    for (const path of ['thermostat/timers', 'ghost/timers', 'thermostat/timers?after=x']) {
      await admin.get(`/admin/plugins/${path}`);
    }
    // Its answer has no end.
    await admin.ask('/admin/recording', { method: 'HEAD' });
    await admin.get('/admin/recording?unknown=1');
    await meetDeadLetters();
    await meetReloads();
    await meetJobs();
    for (const [path, methods] of Object.entries(document.paths)) {
      for (const method of Object.keys(methods)) {
        await admin.ask(path.replace(/\{\w+\}/g, 'a'), {
          method: method.toUpperCase(),
          headers: { Host: 'evil.example' },
        });
      }
    }
    await meetDevices();
    await admin.get('/admin/channels/nobody');
    await admin.get('/admin/channels/nobody/messages');
    await admin.delete('/admin/channels/nobody');
    await admin.delete('/admin/channels/nobody?unknown=1');
    const messages = '/admin/channels/broken/messages';
    await admin.post(messages, { body: 'x' });
    for (const query of ['channel=broken', 'channel=nobody', '']) await admin.get(`/admin/why/messages?${query}`);
    await admin.post(messages, {});
    await admin.post(messages, '{');
    await admin.post(messages, { body: 'x'.repeat(2 ** 20 + 1) });
    await admin.post(messages, { body: 'x'.repeat(2 ** 17) });
    await admin.ask(messages, { method: 'POST', body: 'x', headers: { 'Content-Type': 'text/plain' } });
    for (const error of [away, new TypeError('x is undefined')]) {
      Object.assign(log, { append: fails(error), read: fails(error) });
      await admin.get(messages);
      await admin.get('/admin/why/messages?channel=broken&position=1:0');
      await admin.post(messages, { body: 'x' });
    }
    await admin.delete('/admin/channels/broken');
  }
});

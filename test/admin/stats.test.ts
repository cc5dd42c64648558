import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { EngineError } from '../../src/engine/message-log.js';
import { textOf } from '../docs/house-files.js';
import { eventually } from '../support/eventually.js';
import { ManualClock } from '../support/manual-clock.js';
import { RawClient } from '../support/raw-client.js';
import { startTestHub, type TestHub } from '../support/start-hub.js';
import { AdminClient } from './support/admin-client.js';

describe('GET /admin/stats', () => {
  let hub: TestHub;
  let admin: AdminClient;
  let clock: ManualClock;

  beforeEach(async () => {
    clock = new ManualClock();
    const yaml =
      'limits: { max_reserved_memory: 1M, max_messages: 500, max_channels: 100, max_connections: 70 }\ndevices: { max_devices: 30 }';
    hub = await startTestHub({ yaml, clock });
    admin = await AdminClient.of(hub.adminUrl);
  });

  afterEach(() => hub.stop());

  it('tells what the hub holds beside its limits, and what passed through it', async () => {
    await fetch(`${hub.url}/pub?id=a`, { method: 'POST', body: 'one' });
    const device = await RawClient.connect(hub);
    device.send('GET /sub?id=a HTTP/1.1\r\nHost: hub\r\n\r\nGET /sub?id=b HTTP/1.1\r\nHost: hub\r\n\r\n');
    await device.response();
    await eventually('the second poll waits', () => hub.channels.totals().parkedPolls === 1);
    const { json } = await admin.get('/admin/stats');
    expect(json).toMatchObject({
      state: 'ready',
      faults: 0,
      channels: { open: 2, limit: 100, subscribers: 1, published: 1, delivered: 1 },
      messages: { stored: 1, limit: 500, bytes: hub.channels.log.stats().bytes, bytesLimit: 1024 * 1024 },
    });
    expect(json.door).toMatchObject({ connectionsLimit: 70, servedByFastLane: 3 });
    expect(json.door.connections).toBeGreaterThanOrEqual(json.door.inFastLane);
    device.reset();
  });

  it('tells what the engine keeps on disk, and null where it keeps nothing there', async () => {
    expect((await admin.get('/admin/stats')).json.disk).toBeNull();
    const data = await mkdtemp(join(tmpdir(), 'signalbox-stats-'));
    const durable = await startTestHub({ engine: 'lmdb', data });
    try {
      const client = await AdminClient.of(durable.adminUrl);
      const before = (await client.get('/admin/stats')).json.disk;
      await fetch(`${durable.url}/pub?id=a`, { method: 'POST', body: 'x'.repeat(100_000) });
      const { disk } = (await client.get('/admin/stats')).json;
      expect(disk).toMatchObject({ failures: 0, isHealthy: true });
      expect(disk.commits).toBeGreaterThan(before.commits);
      expect(disk.usedBytes).toBeGreaterThan(before.usedBytes + 100_000);
      expect(disk.fileBytes).toBeGreaterThanOrEqual(disk.usedBytes);
    } finally {
      await durable.stop();
      await rm(data, { recursive: true });
    }
  });

  it('counts devices by their presence', async () => {
    await fetch(`${hub.url}/v1/devices/fan-1/events/started`, { method: 'POST', body: '{}' });
    const { devices } = (await admin.get('/admin/stats')).json;
    expect(devices).toMatchObject({ registered: 1, limit: 30 });
    expect(devices.listening + devices.expected + devices.late + devices.offline).toBe(1);
  });

  it('sums up what plugins did, and tells how many do not run', async () => {
    await hub.stop();
    hub = await startTestHub({ yaml: 'plugins: { gone: { from: ./no/such/folder } }' });
    admin = await AdminClient.of(hub.adminUrl);
    for (const celsius of [31.5, 29]) {
      const body = JSON.stringify({ celsius });
      await fetch(`${hub.url}/v1/devices/fan-1/events/temperature`, { method: 'POST', body });
    }
    const logic = async () => (await admin.get('/admin/stats')).json.logic;
    await eventually('the thermostat has had both turns', async () => (await logic()).counters.turns === 2);
    expect(await logic()).toMatchObject({
      ...{ enabled: 2, running: 1, failed: 1, queued: 0, openTurns: 0, deadLetters: 0 },
      counters: { events: 2, skipped: 1, commands: 1 },
      workers: { count: 0, heapBytes: 0 },
    });
  });

  it('keeps the sums of channels that are gone', async () => {
    await fetch(`${hub.url}/pub?id=a`, { method: 'POST', body: 'one' });
    await admin.delete('/admin/channels/a');
    expect((await admin.get('/admin/stats')).json.channels).toMatchObject({ open: 0, published: 1 });
  });

  it('tells version, start and uptime, the last by a clock that cannot be set', async () => {
    clock.advance(61_500);
    clock.setWall(0);
    expect((await admin.get('/admin/stats')).json).toMatchObject({
      version: JSON.parse(textOf('package.json')).version,
      node: process.version,
      startedAt: '2026-01-15T12:00:00.000Z',
      uptimeSeconds: 61,
    });
  });

  it('counts faults', async () => {
    Object.assign(hub.channels.open('a').log, {
      read: () => Promise.reject(new EngineError('engine_unavailable', 'It does not answer.')),
      append() {
        throw new TypeError('x is undefined');
      },
    });
    const read = await admin.get('/admin/channels/a/messages');
    expect([read.status, read.json.code]).toEqual([503, 'engine_unavailable']);
    const posted = await admin.post('/admin/channels/a/messages', { body: 'x' });
    expect([posted.status, posted.json.code]).toEqual([500, 'internal']);
    await fetch(`${hub.url}/pub?id=a`, { method: 'POST', body: 'one' });
    expect((await admin.get('/admin/stats')).json.faults).toBe(3);
  });

  it('refuses parameters', async () => {
    const { status, json } = await admin.get('/admin/stats?verbose=1');
    expect([status, json.detail]).toEqual([400, '"verbose" is not known here. None is allowed.']);
  });
});

import { afterEach, describe, expect, it } from '@jest/globals';
import { adminDoorOver } from '../../src/admin/admin.module.js';
import { Readiness } from '../../src/admin/readiness.js';
import { eventually } from '../support/eventually.js';
import { closeRawClients, RawClient } from '../support/raw-client.js';
import { startTestHub } from '../support/start-hub.js';
import { AdminClient } from './support/admin-client.js';
import { madeAdminParts } from './support/admin-parts.js';

afterEach(closeRawClients);

describe('A hub', () => {
  it('is alive and not ready before everything listens, and again while it stops', async () => {
    const readiness = new Readiness();
    const door = await adminDoorOver(madeAdminParts({ readiness }));
    try {
      const { host, port } = await door.listen({ host: '127.0.0.1', port: 0 });
      const admin = await AdminClient.of(`http://${host}:${port}`);
      const told = async () => {
        const [health, ready] = [await admin.get('/healthz'), await admin.get('/readyz')];
        expect([health.status, health.json]).toEqual([200, { status: 'ok' }]);
        return [ready.status, ready.json.code ?? ready.json.status];
      };
      expect(await told()).toEqual([503, 'starting']);
      readiness.state = 'ready';
      expect(await told()).toEqual([200, 'ready']);
      readiness.state = 'stopping';
      expect(await told()).toEqual([503, 'stopping']);
    } finally {
      await door.stop();
    }
  });

  it('tells that it stops for as long as its clients take', async () => {
    const hub = await startTestHub();
    const admin = await AdminClient.of(hub.adminUrl);
    expect((await admin.get('/readyz?from=balancer')).json).toEqual({ status: 'ready' });
    const device = await RawClient.connect(hub);
    await device.sent('GET /sub?id=a HTTP/1.1\r\nHost: hub\r\n\r\n');
    await eventually('the poll waits', () => hub.channels.totals().parkedPolls === 1);
    const stopped = hub.stop();
    // It is answered and does not close its side yet.
    expect((await device.response()).status).toBe(304);
    expect((await admin.get('/readyz')).status).toBe(503);
    expect((await admin.get('/admin/stats')).json.state).toBe('stopping');
    closeRawClients();
    await stopped;
    await expect(admin.get('/readyz')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });
});

describe('The admin door', () => {
  it('stops while a client keeps its connection open, or takes no answer', async () => {
    const door = await adminDoorOver(madeAdminParts());
    const address = await door.listen({ host: '127.0.0.1', port: 0 });
    const idle = await RawClient.connect(address);
    expect((await idle.ask('GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n')).status).toBe(200);
    const halfway = await RawClient.connect(address);
    await halfway.sent('POST /admin/channels/a/messages HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n');
    await door.stop();
    await Promise.all([idle.end(), halfway.end()]);
  });
});

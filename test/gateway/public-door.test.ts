import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { parseConfig } from '../../src/config/load-config.js';
import { startHub } from '../../src/hub.js';
import { checkLocations } from '../../src/locations/check-locations.js';
import { silentLogger } from '../../src/telemetry/logger.js';
import { eventually } from '../support/eventually.js';
import { closeRawClients, RawClient } from '../support/raw-client.js';
import { RecordedLog } from '../support/recorded-log.js';
import { startTestHub, type TestHub } from '../support/start-hub.js';

const HOT = 'GET /pub?id=a HTTP/1.1\r\nHost: h\r\n\r\n';
const COLD = 'GET //pub?id=a HTTP/1.1\r\nHost: h\r\n\r\n';

let hub: TestHub;
afterEach(async () => {
  closeRawClients();
  await hub?.stop();
});

async function ask(request: string): Promise<RawClient> {
  const client = await RawClient.connect(hub);
  expect((await client.ask(request)).status).toBe(404);
  return client;
}

describe('The public door', () => {
  it('tells what is open, and which door has it', async () => {
    hub = await startTestHub();
    await ask(HOT);
    const cold = await ask(COLD);
    await ask(HOT + HOT);
    expect(await hub.doorStats()).toMatchObject({ connections: 3, inFastLane: 2, servedByFastLane: 3, handedOver: 1 });
    cold.close();
    await eventually('it is gone', async () => (await hub.doorStats()).connections === 2);
    expect(await hub.doorStats()).toMatchObject({ connections: 2, inFastLane: 2, servedByFastLane: 3, handedOver: 1 });
  });

  it('has nothing in the lane when the lane is off', async () => {
    hub = await startTestHub({ fastLane: false });
    await ask(HOT);
    expect(await hub.doorStats()).toMatchObject({ connections: 1, inFastLane: 0, servedByFastLane: 0, handedOver: 0 });
  });

  it('gives a connection away for good', async () => {
    hub = await startTestHub();
    const client = await ask(HOT);
    expect((await client.ask(COLD)).status).toBe(404);
    expect((await client.ask(HOT)).status).toBe(404);
    expect(await hub.doorStats()).toMatchObject({ servedByFastLane: 1, handedOver: 1 });
  });

  it('says that its address is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const overrides = { listen: `127.0.0.1:${port}`, admin: '127.0.0.1:0' };
    const config = parseConfig('engine: memory', 'test.yaml', { overrides, checkLocations });
    await expect(startHub(config, { logger: silentLogger })).rejects.toMatchObject({ code: 'EADDRINUSE' });
    other.close();
  });

  it('tells the operator of connections that it does not take', async () => {
    const logger = new RecordedLog();
    hub = await startTestHub({ yaml: 'limits: { max_connections: 1 }', logger });
    await ask(HOT);
    expect(await (await RawClient.connect(hub)).end()).toBe('');
    expect(logger.at('warn').map(({ sentence }) => sentence)).toEqual([
      '503: As many connections are open as limits.max_connections allows (1); one more was closed.',
    ]);
  });

  it('stops once, whoever asks how often, and accepts nobody from then on', async () => {
    hub = await startTestHub();
    const idle = await ask(HOT);
    await Promise.all([hub.stop(), hub.stop()]);
    expect(await idle.end()).toBe('');
    await expect(RawClient.connect(hub)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });
});

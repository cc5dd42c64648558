import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { parseConfig } from '../src/config/load-config.js';
import { type RunningHub, startHub } from '../src/hub.js';
import { checkLocations } from '../src/locations/check-locations.js';
import { RecordedLog } from './support/recorded-log.js';

const ANY_PORT = '127.0.0.1:0';

describe('A hub', () => {
  const hubs: RunningHub[] = [];
  const others: Server[] = [];
  let log = new RecordedLog();

  afterEach(async () => {
    await Promise.all(hubs.splice(0).map((hub) => hub.stop()));
    for (const server of others.splice(0)) server.close();
    log = new RecordedLog();
  });

  async function start(overrides: { listen?: string; admin?: string } = {}): Promise<RunningHub> {
    // So few that no machine's limit of open files makes them fewer, which would be logged.
    const config = parseConfig('engine: memory\nlimits: { max_connections: 100 }', 'test.yaml', {
      overrides: { listen: ANY_PORT, admin: ANY_PORT, ...overrides },
      checkLocations,
    });
    const hub = await startHub(config, { logger: log });
    hubs.push(hub);
    return hub;
  }

  /** A port that another program has. */
  async function takenPort(): Promise<number> {
    const server = createServer();
    others.push(server);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  }

  /** A port that was free a moment ago. */
  async function freePort(): Promise<number> {
    const port = await takenPort();
    const server = others.pop() as Server;
    server.close();
    await once(server, 'close');
    return port;
  }

  it('frees both ports when it stops, so that the next one can have them', async () => {
    const first = await start();
    const [listen, admin] = [first.publicAddress, first.adminAddress].map(({ host, port }) => `${host}:${port}`);
    await first.stop();
    const second = await start({ listen, admin });
    expect([second.publicAddress, second.adminAddress]).toEqual([first.publicAddress, first.adminAddress]);
  });

  it.each(['listen', 'admin'] as const)('that cannot have its %s port stops what it had started', async (door) => {
    const port = await takenPort();
    const other = await freePort();
    const addresses = { listen: `127.0.0.1:${other}`, admin: ANY_PORT };
    addresses[door] = `127.0.0.1:${port}`;
    await expect(start(addresses)).rejects.toMatchObject({ code: 'EADDRINUSE', door, port });
    // Its other port is free again.
    const hub = await start({ listen: `127.0.0.1:${other}` });
    expect(hub.publicAddress.port).toBe(other);
  });

  it('stops once, however often it is told to', async () => {
    const hub = await start();
    await Promise.all([hub.stop(), hub.stop()]);
    await hub.stop();
    expect(log.at('info').map(({ sentence }) => sentence)).toEqual(['The hub listens.', 'The hub has stopped.']);
  });

  it('logs where it listens', async () => {
    const { publicAddress, adminAddress } = await start();
    expect(log.at('info')).toEqual([
      { level: 'info', facts: { listen: publicAddress, admin: adminAddress }, sentence: 'The hub listens.' },
    ]);
  });
});

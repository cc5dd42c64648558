import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { afterEach, expect, it } from '@jest/globals';
import { FaultLog } from '../../src/channels/fault-log.js';
import { tellRefusedConnections } from '../../src/channels/refused-connections.js';
import { ManualClock } from '../support/manual-clock.js';
import { closeRawClients, RawClient } from '../support/raw-client.js';
import { RecordedLog } from '../support/recorded-log.js';

let server: Server;
const log = new RecordedLog();

async function listen(max: number): Promise<{ host: string; port: number }> {
  server = createServer((socket) => {
    socket.on('error', () => {}).on('data', () => socket.end('taken'));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  tellRefusedConnections(server, { max, because: 'the test allows' }, new FaultLog(log, new ManualClock()), 'admin');
  return { host: '127.0.0.1', port: (server.address() as AddressInfo).port };
}

afterEach(() => {
  closeRawClients();
  server.close();
});

it('closes one connection more than the bound without a byte, and tells the operator', async () => {
  const at = await listen(1);
  await RawClient.connect(at);
  expect(await (await RawClient.connect(at)).end()).toBe('');
  expect(log.lines.at(-1)).toMatchObject({
    level: 'warn',
    facts: { code: 'connection_limit', door: 'admin' },
    sentence: '503: As many connections are open as the test allows (1); one more was closed.',
  });
});

it('outlives a connection that the system does not hand over, and tells the operator', async () => {
  const at = await listen(5);
  server.emit('error', Object.assign(new Error('accept EMFILE'), { code: 'EMFILE', syscall: 'accept' }));
  expect(log.lines.at(-1)).toMatchObject({
    level: 'warn',
    facts: { code: 'connection_limit' },
    sentence: '503: The system did not hand over a connection: accept EMFILE.',
  });
  const client = await RawClient.connect(at);
  client.send('anything');
  expect(await client.end()).toBe('taken');
});

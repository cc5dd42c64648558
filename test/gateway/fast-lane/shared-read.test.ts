import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, Socket } from 'node:net';
import { promisify } from 'node:util';
import { afterEach, describe, expect, it } from '@jest/globals';
import { readInto } from '../../../src/gateway/fast-lane/shared-read.js';
import { eventually } from '../../support/eventually.js';
import { closeRawClients, RawClient } from '../../support/raw-client.js';

let server: Server;
afterEach(async () => {
  closeRawClients();
  await promisify(server.close.bind(server))();
});

interface Read {
  readonly socket: Socket;
  readonly text: string;
  readonly buffer: Buffer;
}

/** A server whose sockets are read into `buffer`; `change` is done to each accepted socket before. */
async function listen(buffer: Buffer, change: (socket: Socket) => void = () => {}): Promise<Read[]> {
  const reads: Read[] = [];
  function callback(this: Socket, count: number, bytes: Buffer): boolean {
    reads.push({ socket: this, text: bytes.toString('latin1', 0, count), buffer: bytes });
    return true;
  }
  server = createServer({ pauseOnConnect: true, allowHalfOpen: true }, (accepted) => {
    change(accepted);
    readInto(accepted, { buffer, callback }).on('error', () => {});
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return reads;
}

function connect(): Promise<RawClient> {
  return RawClient.connect({ host: '127.0.0.1', port: (server.address() as AddressInfo).port });
}

describe('A socket that is read into a shared buffer', () => {
  it('reads all sockets into that buffer', async () => {
    const buffer = Buffer.allocUnsafeSlow(1024);
    const reads = await listen(buffer);
    const clients = [await connect(), await connect()];
    for (const [i, client] of clients.entries()) client.send(`from ${i}`);
    await eventually('both were read', () => reads.length === 2);
    expect(reads.map(({ text }) => text).sort()).toEqual(['from 0', 'from 1']);
    for (const read of reads) expect(read.buffer.buffer).toBe(buffer.buffer);
  });

  it('writes, ends and is counted by its server as any other', async () => {
    const reads = await listen(Buffer.allocUnsafeSlow(1024));
    const client = await connect();
    client.send('hello');
    await eventually('it was read', () => reads.length === 1);
    const { socket } = reads[0] as Read;
    const connections = promisify(server.getConnections.bind(server));
    expect(await connections()).toBe(1);
    expect(socket.remoteAddress).toBe('127.0.0.1');
    expect(socket.bytesRead).toBe(5);
    socket.end('bye');
    expect(await client.end()).toBe('bye');
    client.endSending();
    await eventually('the server counts it no more', async () => (await connections()) === 0);
  });

  it('stops reading and goes on', async () => {
    const reads = await listen(Buffer.allocUnsafeSlow(1024));
    const client = await connect();
    client.send('one');
    await eventually('it was read', () => reads.length === 1);
    const { socket } = reads[0] as Read;
    socket.pause();
    await client.sent('two');
    const other = await connect();
    other.send('other');
    await eventually('the other was read', () => reads.length === 2);
    expect(reads[1]?.text).toBe('other');
    socket.resume();
    await eventually('the rest was read', () => reads.length === 3);
    expect(reads[2]?.text).toBe('two');
  });

  it('is read by events where Node keeps its handles otherwise', async () => {
    const reads = await listen(Buffer.allocUnsafeSlow(1024), (accepted) => {
      // As if this Node had no such function: the fallback must serve as well.
      Object.defineProperty((accepted as unknown as { _handle: object })._handle, 'useUserBuffer', {
        value: undefined,
      });
    });
    const client = await connect();
    client.send('hello');
    await eventually('it was read', () => reads.length === 1);
    const { text, socket } = reads[0] as Read;
    expect(text).toBe('hello');
    expect(socket).toBeInstanceOf(Socket);
    socket.end('bye');
    expect(await client.end()).toBe('bye');
  });
});

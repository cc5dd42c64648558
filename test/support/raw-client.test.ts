import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { closeRawClients, RawClient } from './raw-client.js';
import { readResponse } from './raw-response.js';

function read(text: string, asked = {}) {
  return readResponse(Buffer.from(text, 'latin1'), asked);
}

describe('readResponse', () => {
  it('gives the status line, the header lines in order as spelled, and the body', () => {
    const found = read('HTTP/1.1 200 OK\r\nEtag: 0\r\nContent-Length: 3\r\nX: \r\n\r\nabcHTTP');
    expect(found?.used).toBe(55);
    expect(found?.response).toMatchObject({
      statusLine: 'HTTP/1.1 200 OK',
      status: 200,
      framing: 'length',
      text: 'abc',
    });
    expect(found?.response.headers).toEqual([
      ['Etag', '0'],
      ['Content-Length', '3'],
      ['X', ''],
    ]);
    expect(found?.response.header('etag')).toBe('0');
  });

  it('joins chunks', () => {
    const found = read('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n1\r\nd\r\n0\r\n\r\n');
    expect(found?.response).toMatchObject({ framing: 'chunked', text: 'abcd' });
  });

  it('reads no body after 304 and for HEAD, and all there is when the server ends it by closing', () => {
    expect(read('HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\nabcde')?.used).toBe(48);
    expect(read('HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n', { head: true })?.response.framing).toBe('no body');
    expect(read('HTTP/1.1 200 OK\r\n\r\nabc', { ended: true })?.response).toMatchObject({
      framing: 'close',
      text: 'abc',
    });
  });

  it.each([
    ['HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nab'],
    ['HTTP/1.1 200 OK\r\nContent-Length: 3\r\n'],
    ['HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n'],
    ['HTTP/1.1 200 OK\r\n\r\nabc'],
    [''],
  ])('waits for the rest of %j', (text) => {
    expect(read(text)).toBeUndefined();
  });

  it.each([
    ['HTTP/1.0 200 OK\r\n\r\n'],
    ['HTTP/1.1 200\r\n\r\n'],
    ['HTTP/1.1 200 OK\nContent-Length: 0\r\n\r\n'],
    ['HTTP/1.1 200 OK\r\nA:b\r\n\r\n'],
    ['HTTP/1.1 200 OK\r\nA : b\r\n\r\n'],
    ['HTTP/1.1 200 OK\r\nA: b\0\r\n\r\n'],
    ['HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\na'],
    ['HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\na'],
    ['HTTP/1.1 200 OK\r\nContent-Length: +1\r\n\r\na'],
    ['HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;x\r\na\r\n0\r\n\r\n'],
    ['HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n0\r\n\r\n'],
  ])('refuses %j', (text) => {
    expect(() => read(text)).toThrow();
  });
});

describe('RawClient', () => {
  let server: Server;
  let accepted: Promise<Socket>;
  let client: RawClient;

  beforeEach(async () => {
    server = createServer({ allowHalfOpen: true });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    accepted = once(server, 'connection').then(([socket]) => socket as Socket);
    client = await RawClient.connect({ host: '127.0.0.1', port: (server.address() as AddressInfo).port });
  });

  afterEach(async () => {
    closeRawClients();
    (await accepted).destroy();
    server.close();
    await once(server, 'close');
  });

  it('sends its bytes as they are, and reads responses one after the other wherever they are cut', async () => {
    const socket = await accepted;
    client.send('a\xff', Buffer.from([0, 255]));
    expect((await once(socket, 'data'))[0]).toEqual(Buffer.from([97, 255, 0, 255]));
    socket.write('HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n1HTTP/1.1 202 Acc');
    expect((await client.response()).text).toBe('1');
    socket.end('epted\r\nContent-Length: 0\r\n\r\nrest');
    expect((await client.response()).status).toBe(202);
    expect(await client.end()).toBe('rest');
  });

  it('fails when the server ends instead of answering', async () => {
    (await accepted).end('HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n');
    await expect(client.response()).rejects.toThrow('ended the connection');
  });

  it('ends its sending side alone, and resets', async () => {
    const socket = await accepted;
    const failed = once(socket, 'error');
    client.endSending();
    socket.resume();
    await once(socket, 'end');
    socket.write('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n');
    expect((await client.response()).status).toBe(200);
    client.reset();
    socket.write('more');
    socket.write('and more');
    expect((await failed)[0]).toMatchObject({ code: expect.stringMatching(/ECONNRESET|EPIPE/) });
  });
});

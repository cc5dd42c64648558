import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Pipeline, type UnderWay } from '../../../src/gateway/fastify-door/pipeline.js';
import { eventually } from '../../support/eventually.js';
import { closeRawClients, RawClient } from '../../support/raw-client.js';

const LIMIT = 400;

interface Begun {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly pipeline: Pipeline;
}

let server: Server;
let begun: Begun[];
beforeEach(async () => {
  begun = [];
  server = createServer((request, response) => {
    const pipeline = Pipeline.of(request.socket, LIMIT);
    pipeline.add(request, response, () => begun.push({ request, response, pipeline }));
  });
  Object.assign(server, { httpAllowHalfOpen: true });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterEach(async () => {
  closeRawClients();
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await closed;
});

function connect(): Promise<RawClient> {
  return RawClient.connect({ host: '127.0.0.1', port: (server.address() as AddressInfo).port });
}

function get(path: string): string {
  return `GET ${path} HTTP/1.1\r\nHost: h\r\n\r\n`;
}

async function begins(count: number): Promise<Begun> {
  await eventually(`request ${count} begins`, () => begun.length === count);
  return begun[count - 1] as Begun;
}

const urls = () => begun.map(({ request }) => request.url);

function waitingPoll(): UnderWay & { gaveWay: number } {
  return {
    isWaiting: true,
    gaveWay: 0,
    giveWay() {
      this.gaveWay++;
    },
  };
}

describe('The requests of one connection', () => {
  it('begin one after the other', async () => {
    const client = await connect();
    client.send(get('/1'), get('/2'), get('/3'));
    (await begins(1)).response.end('1');
    expect(urls()).toEqual(['/1']);
    (await begins(2)).response.end('2');
    (await begins(3)).response.end('3');
    const texts: string[] = [];
    for (let i = 0; i < 3; i++) texts.push((await client.response()).text);
    expect(texts).toEqual(['1', '2', '3']);
  });

  it('do not begin behind an answer that ends the connection', async () => {
    const client = await connect();
    client.send(get('/1'), get('/2'));
    const { response } = await begins(1);
    response.setHeader('Connection', 'close').end('1');
    expect((await client.response()).text).toBe('1');
    client.endSending();
    expect(await client.end()).toBe('');
    expect(urls()).toEqual(['/1']);
  });

  it('do not begin when the client has reset the connection', async () => {
    const client = await connect();
    client.send(get('/1'), get('/2'));
    const { request } = await begins(1);
    client.reset();
    await eventually('the reset is seen', () => request.socket.destroyed);
    expect(urls()).toEqual(['/1']);
  });

  it('are followed by a farewell, told once and behind all answers', async () => {
    const client = await connect();
    client.send(get('/1'), get('/2'));
    const { response, request, pipeline } = await begins(1);
    const told: string[] = [];
    const bye = (text: string) => () => {
      told.push(text);
      request.socket.end();
    };
    pipeline.end(bye('first'));
    pipeline.end(bye('second'));
    client.send(get('/3'));
    response.end('1');
    (await begins(2)).response.end('2');
    expect([(await client.response()).text, (await client.response()).text]).toEqual(['1', '2']);
    client.endSending();
    expect(await client.end()).toBe('');
    expect([told, urls()]).toEqual([['first'], ['/1', '/2']]);
  });

  it('behind a poll end it when they are more than is kept', async () => {
    const client = await connect();
    client.send(get('/poll'));
    const { pipeline, response } = await begins(1);
    const poll = waitingPoll();
    pipeline.serving(poll);
    client.send(get(`/${'x'.repeat(300)}`));
    await client.sent('');
    expect(poll.gaveWay).toBe(0);
    client.send(get(`/${'y'.repeat(300)}`));
    await eventually('the poll gives way', () => poll.gaveWay === 1);
    response.end('nothing');
    await client.response();
    client.endSending();
    expect(await client.end()).toBe('');
    expect(urls()).toEqual(['/poll']);
  });

  it('count with what is here of their bodies', async () => {
    const client = await connect();
    client.send(get('/poll'));
    const { pipeline } = await begins(1);
    const poll = waitingPoll();
    pipeline.serving(poll);
    client.send(`POST /b HTTP/1.1\r\nHost: h\r\nContent-Length: 10000\r\n\r\n${'b'.repeat(LIMIT)}`);
    await eventually('the poll gives way', () => poll.gaveWay === 1);
  });

  it('behind another request make its answer the last one when they are more than is kept', async () => {
    const client = await connect();
    client.send(get('/1'), get(`/${'x'.repeat(LIMIT)}`));
    const { response } = await begins(1);
    expect(response.shouldKeepAlive).toBe(false);
    response.end('1');
    expect((await client.response()).header('Connection')).toBe('close');
    client.endSending();
    expect(await client.end()).toBe('');
    expect(urls()).toEqual(['/1']);
  });

  it('end with the client when one of them is a poll, whenever it began to wait', async () => {
    const client = await connect();
    client.send(get('/poll'));
    const first = await begins(1);
    first.pipeline.serving(waitingPoll());
    const closed = once(first.request.socket, 'close');
    client.endSending();
    await closed;
    const other = await connect();
    other.send(get('/slow'));
    other.endSending();
    const second = await begins(2);
    await eventually('the end is seen', () => second.request.socket.readableEnded);
    expect(second.request.socket.destroyed).toBe(false);
    second.pipeline.serving(waitingPoll());
    expect(second.request.socket.destroyed).toBe(true);
  });
});

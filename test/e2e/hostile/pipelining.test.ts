import { expect, it } from '@jest/globals';
import { eventually } from '../../support/eventually.js';
import { atEachDoor } from './support/doors.js';

const HOST = 'Host: h\r\n';

function publish(id: string, body: string): string {
  return `POST /pub?id=${id} HTTP/1.1\r\n${HOST}Content-Length: ${body.length}\r\n\r\n${body}`;
}

function poll(id: string): string {
  return `GET /sub?id=${id} HTTP/1.1\r\n${HOST}\r\n`;
}

function info(id: string): string {
  return `GET /pub?id=${id} HTTP/1.1\r\n${HOST}\r\n`;
}

/** Not of the lane's shape: whatever stands behind it is read by Node's parser. */
function handedOver(id: string): string {
  return `GET //pub?id=${id} HTTP/1.1\r\n${HOST}\r\n`;
}

const LIMIT = 4096;

atEachDoor('Requests behind one another', `limits: { max_pipelined_size: ${LIMIT} }`, (door) => {
  it('are answered in order, whichever door each needs', async () => {
    const client = await door().connect();
    client.send(publish('mix', 'one'), info('mix'), poll('mix'), handedOver('mix'), publish('mix', 'two'), info('mix'));
    const texts: string[] = [];
    for (let i = 0; i < 6; i++) texts.push((await client.response()).text.split('\r\n')[0] as string);
    const [one, two] = ['queued messages: 1', 'queued messages: 2'];
    expect(texts).toEqual([one, one, 'one', one, two, two]);
    expect(client.unread).toBe('');
  });

  it('are all served, however many come at once', async () => {
    const client = await door().connect();
    client.send(publish('many', 'x').repeat(40), handedOver('many'), publish('many', 'x').repeat(40));
    for (let i = 0; i < 81; i++) expect((await client.response()).status).toBe(i === 40 ? 200 : 202);
    expect(door().hub.channels.find('many')?.published).toBe(80);
  });

  it('wait for a parked poll, and are served once it is answered', async () => {
    const client = await door().connect();
    client.send(poll('wait'), publish('behind', 'x'), handedOver('behind'));
    await eventually('the poll is parked', () => door().parked('wait') === 1);
    await client.sent(info('behind'));
    await (await door().connect()).ask(info('other'));
    expect(await door().stored('behind')).toBeUndefined();
    await (await door().connect()).ask(publish('wait', 'now'));
    expect((await client.response()).text).toBe('now');
    expect((await client.response()).status).toBe(202);
    expect((await client.response()).status).toBe(200);
    expect((await client.response()).status).toBe(200);
    expect(await door().stored('behind')).toEqual(['x']);
  });

  it('wait for a parked poll in pieces too', async () => {
    const client = await door().connect();
    await client.sent(poll('pieces'));
    await eventually('the poll is parked', () => door().parked('pieces') === 1);
    for (const byte of publish('in-pieces', 'hello')) await client.sent(byte);
    await (await door().connect()).ask(publish('pieces', 'now'));
    expect((await client.response()).text).toBe('now');
    expect((await client.response()).status).toBe(202);
    expect(await door().stored('in-pieces')).toEqual(['hello']);
  });

  it('up to max_pipelined_size are kept', async () => {
    const client = await door().connect();
    await client.sent(poll('full'));
    await eventually('the poll is parked', () => door().parked('full') === 1);
    const empty = publish('kept', '').length + 3;
    const body = 'b'.repeat(LIMIT - empty);
    const request = publish('kept', body);
    expect(request.length).toBe(LIMIT);
    await client.sent(request);
    await (await door().connect()).ask(publish('full', 'now'));
    expect((await client.response()).text).toBe('now');
    expect((await client.response()).status).toBe(202);
    expect(await door().stored('kept')).toEqual([body]);
  });

  it('beyond max_pipelined_size end the poll, so that the client can begin anew, and are not served', async () => {
    const client = await door().connect();
    await client.sent(poll('over'));
    await eventually('the poll is parked', () => door().parked('over') === 1);
    client.send(publish('dropped', 'b'.repeat(LIMIT)));
    const response = await client.response();
    expect([response.status, response.header('Connection')]).toEqual([304, 'close']);
    client.endSending();
    expect(await client.end()).toBe('');
    expect(door().parked('over')).toBe(0);
    expect(await door().stored('dropped')).toBeUndefined();
  });

  it("beyond max_pipelined_size in the poll's own packet end it too", async () => {
    const client = await door().connect();
    client.send(poll('packet'), info('x').repeat(200));
    const response = await client.response();
    expect([response.status, response.header('Connection')]).toEqual([304, 'close']);
    client.endSending();
    expect(await client.end()).toBe('');
  });

  it('behind the last one are not served, whatever made it the last', async () => {
    const lasts = [
      [`GET /pub?id=last HTTP/1.1\r\n${HOST}Connection: close\r\n\r\n`, 404],
      [`GET /pub?id=last HTTP/1.0\r\n\r\n`, 404],
      [`GET //pub?id=last HTTP/1.1\r\n${HOST}Connection: close\r\n\r\n`, 404],
      [`POST /nothing HTTP/1.1\r\n${HOST}Content-Length: 1\r\n\r\nx`, 404],
      [`POST /pub?id=last HTTP/1.1\r\n${HOST}Content-Length: 9999999\r\n\r\n`, 413],
      [`GET http://h HTTP/1.1\r\n${HOST}Transfer-Encoding: chunked\r\n\r\n1;x=y\r\nb\r\n0\r\n\r\n`, 404],
    ] as const;
    for (const [last, status] of lasts) {
      const client = await door().connect();
      client.send(last, publish('after', 'x'));
      const response = await client.response();
      expect([last, response.status, response.header('Connection')]).toEqual([last, status, 'close']);
      client.endSending();
      expect(await client.end()).toBe('');
    }
    expect(await door().stored('after')).toBeUndefined();
  });

  it('are answered for their heads first, when their bodies cannot be read', async () => {
    const chunked = `${HOST}Transfer-Encoding: chunked\r\n\r\nno chunk\r\n`;
    const bodies = [
      [`POST /nothing HTTP/1.1\r\n${chunked}`, 404],
      [`POST /pub?id=broken HTTP/1.0\r\n${chunked}`, 400],
      [`POST /pub?id=broken HTTP/1.1\r\n${chunked}`, 400],
    ] as const;
    for (const [request, status] of bodies) {
      for (const before of ['', info('broken'), handedOver('broken')]) {
        const client = await door().connect();
        client.send(before, request, publish('broken', 'x'));
        if (before !== '') expect((await client.response()).status).toBe(404);
        const response = await client.response();
        expect([request, response.status, response.header('Connection')]).toEqual([request, status, 'close']);
        client.endSending();
        expect(await client.end()).toBe('');
      }
    }
    expect(await door().stored('broken')).toBeUndefined();
  });

  it('are answered before a refusal of what follows them', async () => {
    const client = await door().connect();
    client.send(publish('before', 'x'), handedOver('before'), 'no HTTP\r\n\r\n');
    expect((await client.response()).status).toBe(202);
    expect((await client.response()).status).toBe(200);
    expect((await client.response()).header('Connection')).toBe('close');
    client.endSending();
    expect(await client.end()).toBe('');
  });

  it('are answered before a refusal, which waits for a parked poll', async () => {
    const client = await door().connect();
    client.send(poll('patient'), 'no HTTP\r\n\r\n');
    await eventually('the poll is parked', () => door().parked('patient') === 1);
    await (await door().connect()).ask(publish('patient', 'now'));
    expect((await client.response()).text).toBe('now');
    expect((await client.response()).status).toBe(405);
    client.endSending();
    expect(await client.end()).toBe('');
  });

  it('of a client that has ended its side are all answered', async () => {
    const client = await door().connect();
    client.send(publish('half', 'x'), handedOver('half'), info('half'));
    client.endSending();
    for (const status of [202, 200, 200]) expect((await client.response()).status).toBe(status);
    expect(await client.end()).toBe('');
  });
});

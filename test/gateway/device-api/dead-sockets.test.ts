import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { atBothDoors } from '../../support/both-doors.js';
import { eventually } from '../../support/eventually.js';
import { ManualClock } from '../../support/manual-clock.js';
import { closeRawClients, RawClient } from '../../support/raw-client.js';
import { startTestHub, type TestHub } from '../../support/start-hub.js';
import { DeviceCalls, type Json } from './support.js';

/** Larger than what the two sockets take between them, so that a client which reads nothing leaves the answer unsent. */
const LARGE = 16 * 2 ** 20;

atBothDoors('a connection that dies', ({ fastLane }) => {
  let hub: TestHub;
  let clock: ManualClock;
  let device: DeviceCalls;
  beforeEach(async () => {
    clock = new ManualClock();
    const yaml = 'devices: { max_event_size: 32M, command_buffer_size: 64M }\n';
    hub = await startTestHub({ clock, fastLane, yaml });
    device = new DeviceCalls(hub);
  });
  afterEach(async () => {
    closeRawClients();
    await hub.stop();
  });

  /** A device that polls and leaves its answer unread. */
  async function poll(query = ''): Promise<RawClient> {
    const client = await RawClient.connect(hub);
    client.send(`GET /v1/devices/d1/commands?wait=60${query} HTTP/1.1\r\nHost: h\r\n\r\n`);
    return client;
  }

  const causes = async (id: string): Promise<string[]> => {
    const { transitions } = (await (await fetch(device.url(`/commands/${id}/history`))).json()) as Json;
    return transitions.map(({ to, cause, attempt }: Json) => `${attempt} ${to} ${cause}`);
  };

  it('before there was a command has taken none with it', async () => {
    const client = await poll();
    await device.parked();
    client.reset();
    await device.parked(0);
    const { id } = await device.send({ name: 'a', ack: 'none' });
    expect(await causes(id)).toEqual(['0 QUEUED sent']);
    expect(await device.take()).toMatchObject({ id, attempt: 1 });
  });

  it('before the last byte was written has delivered nothing, and costs no attempt', async () => {
    const { id } = await device.send({ name: 'a', ack: 'none', params: 'x'.repeat(LARGE) });
    const client = await poll();
    client.socket.pause();
    await eventually('it is leased', async () => (await device.look(id)).state === 'LEASED');
    client.reset();
    await eventually('the write has failed', async () => (await device.look(id)).state !== 'LEASED');
    expect(await causes(id)).toEqual(['0 QUEUED sent', '1 LEASED lease', '0 QUEUED write_failed']);
    clock.advance(2_000);
    expect(await device.take()).toMatchObject({ id, attempt: 1 });
  });

  it('after the last byte was written leaves a command without acknowledgement sent, and no more than that', async () => {
    const client = await poll();
    await device.parked();
    const { id } = await device.send({ name: 'a', ack: 'none' });
    await eventually('it is sent', async () => (await device.look(id)).state === 'SUCCEEDED');
    client.reset();
    expect(await device.look(id)).toMatchObject({ state: 'SUCCEEDED', evidence: 'flushed', attempt: 1 });
    expect((await device.poll()).status).toBe(204);
  });

  it('after the last byte was written does not make a command delivered', async () => {
    const client = await poll();
    await device.parked();
    const { id } = await device.send({ name: 'a' });
    expect(JSON.parse((await client.response()).text)).toMatchObject({ id });
    client.reset();
    expect(await device.look(id)).toMatchObject({ state: 'LEASED' });
    const waiting = fetch(device.url('/commands?wait=20'));
    await device.parked();
    clock.advance(2_000);
    expect(await (await waiting).json()).toMatchObject({ id, attempt: 2 });
    expect(await causes(id)).toEqual([
      '0 QUEUED sent',
      '1 LEASED lease',
      '1 QUEUED not_acknowledged',
      '2 LEASED lease',
    ]);
  });

  it('with a newer poll in its place loses nothing: the newer one is given what comes', async () => {
    const older = await poll();
    await device.parked();
    const newer = await poll();
    expect((await older.response()).status).toBe(409);
    const { id } = await device.send({ name: 'a' });
    expect(JSON.parse((await newer.response()).text)).toMatchObject({ id, attempt: 1 });
  });

  it('with a lock under way has acknowledged all the same', async () => {
    const { id } = await device.send({ name: 'a' });
    const { lock } = await device.take();
    const client = await poll(`&ack=${lock}`);
    await device.parked();
    client.reset();
    expect(await device.look(id)).toMatchObject({ state: 'SUCCEEDED', evidence: 'acked' });
  });
});

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { DeviceClient, RefusedCommand } from '../../src/device/index.js';
import { emptyFolder } from '../engine/lmdb/support/lmdb-under-test.js';
import { DeviceCalls, type Json } from '../gateway/device-api/support.js';
import { CuttableWire } from '../support/cuttable-wire.js';
import { eventually } from '../support/eventually.js';
import { startTestHub, type TestHub } from '../support/start-hub.js';

const SOON = { leastMs: 1, mostMs: 20 };

let hub: TestHub;
let wire: CuttableWire;
let calls: DeviceCalls;
let device: DeviceClient;
let data: string;
let done: unknown[];

async function startHub(port = 0): Promise<void> {
  hub = await startTestHub({ engine: 'lmdb', data, port });
  calls = new DeviceCalls(hub, 'fan');
}

/** The hub goes, and another starts over what it left on disk. */
async function restartHub(): Promise<void> {
  await hub.stop();
  await startHub(hub.port);
}

beforeEach(async () => {
  data = emptyFolder();
  done = [];
  await startHub();
  wire = await CuttableWire.to(hub);
  device = new DeviceClient({ hub: wire.url, id: 'fan', retry: SOON, waitSeconds: 20 });
});

afterEach(async () => {
  await device.stop();
  await wire.close();
  await hub.stop();
});

/** Sends a command as a producer on a connection of its own, for the one before may have ended with the hub. */
async function send(n: number, more: object = {}): Promise<string> {
  const command = { name: 'fan.set', params: { n }, ...more };
  return (await calls.send(command, { Connection: 'close' })).id;
}

async function look(id: string): Promise<Json> {
  return (await fetch(calls.url(`/commands/${id}`), { headers: { Connection: 'close' } })).json();
}

async function ended(id: string): Promise<Json> {
  let command: Json;
  await eventually(`command ${id} has ended`, async () => {
    command = await look(id);
    return !['SCHEDULED', 'QUEUED', 'LEASED', 'IN_PROGRESS'].includes(command.state);
  });
  return command;
}

const note = ({ params }: { params: unknown }) => void done.push((params as { n: number }).n);

describe('A device client and a hub on disk', () => {
  it('acknowledges with its next poll', async () => {
    device.handle('fan.set', note).start();
    const ids = [await send(1), await send(2)];
    for (const id of ids) {
      expect(await ended(id)).toMatchObject({ state: 'SUCCEEDED', evidence: 'acked', attempt: 1 });
    }
    expect(done).toEqual([1, 2]);
  });

  it('tells results, refusals, failures and that it does not know a command', async () => {
    device
      .handle('double', ({ params }) => ({ n: 2 * (params as { n: number }).n }))
      .handle('refuse', () => {
        throw new RefusedCommand('not in winter');
      })
      .handle('fail', () => {
        throw new Error('jammed');
      })
      .start();
    const names = ['double', 'refuse', 'fail', 'unknown'];
    const commands: Json[] = [];
    for (const name of names) commands.push(await ended(await send(21, { name, ack: 'result' })));
    expect(commands.map(({ state, evidence, result }) => [state, evidence, result])).toEqual([
      ['SUCCEEDED', 'result', { status: 200, data: { n: 42 } }],
      ['REJECTED', undefined, { status: 422, data: { error: 'not in winter' } }],
      ['FAILED', undefined, { status: 500, data: { error: 'jammed' } }],
      ['REJECTED', undefined, { status: 422, data: { error: 'This device has no handler for "unknown".' } }],
    ]);
  });

  it('is given a command again whose answer was lost', async () => {
    device.handle('fan.set', note).start();
    await calls.parked();
    const lost = wire.loseNextAnswer();
    const id = await send(1);
    await lost;
    expect(await ended(id)).toMatchObject({ state: 'SUCCEEDED', attempt: 2 });
    expect(done).toEqual([1]);
  });

  it('does a command once when its acknowledgement, or its result, did not get through', async () => {
    device
      .handle('fan.set', (command) => {
        note(command);
        wire.cut();
        return command.ack === 'result' ? 'turned' : undefined;
      })
      .start();
    const first = await send(1);
    await eventually('the first is done', () => done.length === 1);
    wire.mend();
    expect(await ended(first)).toMatchObject({ state: 'SUCCEEDED', attempt: 1 });
    const second = await send(2, { ack: 'result' });
    await eventually('the second is done', () => done.length === 2);
    wire.mend();
    expect(await ended(second)).toMatchObject({ state: 'SUCCEEDED', result: { status: 200, data: 'turned' } });
    expect(done).toEqual([1, 2]);
  });

  it('does a command once when it is not told that its result was taken', async () => {
    const lost: Promise<void>[] = [];
    device
      .handle('fan.set', (command) => {
        note(command);
        if (lost.length === 0) lost.push(wire.loseNextAnswer());
        return 'turned';
      })
      .start();
    expect(await ended(await send(1))).toMatchObject({ state: 'SUCCEEDED', attempt: 1 });
    await lost[0];
    expect(await ended(await send(2))).toMatchObject({ state: 'SUCCEEDED', attempt: 1 });
    expect(done).toEqual([1, 2]);
  });

  it('loses no command over restarts of the hub, and does none twice', async () => {
    let goOn = () => {};
    device
      .handle('fan.set', (command) => {
        note(command);
        if (done.length === 2) return new Promise<void>((resolve) => (goOn = resolve));
        return undefined;
      })
      .start();
    const acknowledged = await send(1);
    await ended(acknowledged);
    const inHand = await send(2);
    await eventually('the device has the second', () => done.length === 2);
    await restartHub();
    goOn();
    expect(await ended(inHand)).toMatchObject({ state: 'SUCCEEDED', attempt: 1 });
    wire.cut();
    const waiting = await send(3);
    await restartHub();
    wire.mend();
    expect(await ended(waiting)).toMatchObject({ state: 'SUCCEEDED' });
    expect(await look(acknowledged)).toMatchObject({ state: 'SUCCEEDED', attempt: 1 });
    expect(done).toEqual([1, 2, 3]);
  });

  it('has its events stored once and in order, over lost answers, cuts and a restart of the hub', async () => {
    const stored = () => hub.channels.open('devices/fan/events/tick').log;
    const lost = wire.loseNextAnswer();
    for (const n of [1, 2, 3]) device.report('tick', { n });
    await lost;
    wire.cut();
    expect(stored().length).toBe(3);
    device.report('tick', { n: 4 });
    await restartHub();
    wire.mend();
    await device.reported();
    const bodies = (await stored().read(0, 100)).map(({ body }) => JSON.parse(body.toString()).n);
    expect(bodies).toEqual([1, 2, 3, 4]);
    expect([device.waitingEvents, device.droppedEvents]).toEqual([0, 0]);
  });
});

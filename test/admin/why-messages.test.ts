import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { LogicClient } from '../e2e/support/logic-client.js';
import { ManualClock } from '../support/manual-clock.js';
import { startTestHub, type TestHub } from '../support/start-hub.js';
import { AdminClient } from './support/admin-client.js';

const YAML = `
limits: { stop_timeout: 0s }
devices: { event_buffer_length: 2 }
locations:
  - { path: /pub, channel: $arg_id, publisher: on }
logic_servers:
  heating:
    events: [devices/+/events/temperature, devices/+/events/alarm]
    outcomes: [fan.set]
    grants: { command: [{ device: '#', names: [fan.set] }], publish: ['plant/#', 'devices/+/events/alarm'] }
`;

let hub: TestHub;
let clock: ManualClock;
let admin: AdminClient;
let heating: LogicClient;
let data: string;

async function start(engine: 'memory' | 'lmdb'): Promise<void> {
  hub = await startTestHub({ yaml: YAML, clock, engine, data });
  admin = await AdminClient.of(hub.adminUrl);
  heating = new LogicClient(hub.adminUrl, 'heating');
}

beforeEach(async () => {
  clock = new ManualClock();
  data = await mkdtemp(join(tmpdir(), 'signalbox-why-'));
});

afterEach(async () => {
  await hub.stop();
  await rm(data, { recursive: true, force: true });
});

/** @returns the event as causes have it: `event CHANNEL POSITION` */
async function post(type = 'temperature'): Promise<string> {
  const answer = await fetch(`${hub.url}/v1/devices/fan-1/events/${type}`, { method: 'POST', body: '{}' });
  const { position } = (await answer.json()) as { position: string };
  return `event devices/fan-1/events/${type} ${position}`;
}

/** Lets the next turn publish a message. */
async function publishInTurn(channel: string): Promise<void> {
  const turn = await heating.one('wait=5');
  await heating.answer(turn, { messages: [{ channel, body: { hot: true } }] });
}

async function why(channel: string, position?: string, more = ''): Promise<{ now: string; because: string[] }> {
  const at = position === undefined ? '' : `&position=${position}`;
  const { json } = await admin.get(`/admin/why/messages?channel=${encodeURIComponent(channel)}${at}${more}`);
  return json;
}

async function whyCommand(): Promise<{ now: string; because: string[] }> {
  const answer = await fetch(`${hub.url}/v1/devices/fan-1/commands?wait=0`);
  const { id } = (await answer.json()) as { id: string };
  return (await admin.get(`/admin/why/commands/${id}`)).json;
}

const lastCause = async (channel: string) => {
  const { json } = await admin.get(`/admin/channels/${encodeURIComponent(channel)}/messages`);
  return json.messages.at(-1).cause;
};

const REPORTED = 'Device "fan-1" reported it, by POST to /v1/devices/fan-1/events/temperature or in a batch.';
const FAN = { commands: [{ device: 'fan-1', name: 'fan.set' }] };

describe.each(['memory', 'lmdb'] as const)('A message of a turn, kept by %s', (engine) => {
  it('is shown with its cause, and told with what led to it', async () => {
    await start(engine);
    const event = await post();
    await publishInTurn('plant/hot');
    const sentence = `heating.event of "heating" asked for it in its turn for ${event}.`;
    expect(await lastCause('plant/hot')).toEqual({
      ...{ sentence, plugin: 'heating', version: null, handler: 'heating.event', by: event, depth: 1 },
    });
    const told = await why('plant/hot');
    expect(told.now).toMatch(
      /^Message \d+:0 of channel "plant\/hot" is of 2026-\S+ and has 12 bytes\. heating\.event /,
    );
    expect(told.now).toContain(sentence);
    expect(told.because).toEqual([
      expect.stringMatching(/^The event devices\/fan-1\/events\/temperature \S+ is of 2026/),
    ]);
    expect(told.because[0]).toContain(REPORTED);
  });

  it('is followed through the event that it is, from a command back to the device', async () => {
    await start(engine);
    const event = await post();
    await publishInTurn('devices/fan-1/events/alarm');
    const turn = await heating.one('wait=5');
    const { position } = turn.event as { readonly position: string };
    await heating.answer(turn, FAN);
    const { now, because } = await whyCommand();
    expect(now).toContain(
      `in its turn for event devices/fan-1/events/alarm ${position}. It was turn 2 in a row that caused each other.`,
    );
    expect(because).toEqual([
      expect.stringContaining(`heating.event of "heating" asked for it in its turn for ${event}.`),
      expect.stringContaining(REPORTED),
    ]);
  });
});

describe('A message of a turn', () => {
  it('keeps its cause over a restart', async () => {
    await start('lmdb');
    const event = await post();
    await publishInTurn('plant/hot');
    await hub.stop();
    await start('lmdb');
    expect((await lastCause('plant/hot')).by).toBe(event);
    expect((await why('plant/hot')).because).toEqual([expect.stringContaining(REPORTED)]);
  });

  it('tells that what led to it is not kept any more', async () => {
    await start('memory');
    const event = await post();
    await publishInTurn('plant/hot');
    for (let i = 0; i < 2; i++) await post();
    expect((await why('plant/hot')).because).toEqual([
      `The ${event} is not kept any more: who published it cannot be told.`,
    ]);
  });
});

describe('Why a message was published', () => {
  it('is the device, an operator, a location or the hub, as far as the hub knows', async () => {
    await start('memory');
    await post();
    const [room] = ['devices/fan-1/events/temperature'];
    expect(await why(room)).toMatchObject({ now: expect.stringContaining(REPORTED), because: [] });
    expect(await lastCause(room)).toBeNull();
    await admin.post(`/admin/channels/${encodeURIComponent(room)}/messages`, { body: '{}' });
    expect((await why(room)).now).toMatch(/ An operator published it by the admin API\.$/);
    expect((await lastCause(room)).plugin).toBeNull();
    await fetch(`${hub.url}/pub?id=${room}`, { method: 'POST', body: '{}' });
    expect((await why(room)).now).toMatch(/ at the publisher location "\/pub"\.$/);
    await fetch(`${hub.url}/pub?id=plain`, { method: 'POST', body: 'x' });
    expect((await why('plain')).now).toMatch(/ Somebody outside of the hub published it, at a publisher location\.$/);
    expect(await lastCause('plain')).toBeNull();
  });

  it('is for an outcome the command that it tells of, and what led to that', async () => {
    await start('memory');
    const event = await post();
    await heating.answer(await heating.one(), FAN);
    await whyCommand();
    const { now, because } = await why('devices/fan-1/outcomes');
    expect(now).toMatch(/ The hub published it, to tell what became of a command of device "fan-1"\.$/);
    expect(because).toEqual([
      expect.stringMatching(/^It tells of command [0-9A-Z]{26} of device "fan-1" \("fan\.set"\)\. heating\.event of/),
      expect.stringContaining(REPORTED),
    ]);
    expect(because[0]).toContain(`in its turn for ${event}.`);
  });

  it('cannot be told of channels and positions that are not there', async () => {
    await start('memory');
    await post();
    const codes = [];
    for (const query of [
      '?channel=none',
      '?channel=devices/fan-1/events/temperature&position=5:0',
      '?channel=a&position=x',
      '',
    ]) {
      codes.push((await admin.get(`/admin/why/messages${query}`)).json.code);
    }
    expect(codes).toEqual(['channel_not_found', 'message_not_found', 'invalid_position', 'bad_request']);
  });
});

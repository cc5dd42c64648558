import { resolve } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { LogicClient } from '../e2e/support/logic-client.js';
import { eventually } from '../support/eventually.js';
import { ManualClock } from '../support/manual-clock.js';
import { startTestHub, type TestHub } from '../support/start-hub.js';
import { AdminClient } from './support/admin-client.js';

const YAML = `
limits: { stop_timeout: 0s }
plugins:
  thermostat: { enabled: off }
  moody: { from: '${resolve('test/e2e/plugins/moody')}' }
  gone: { from: ./no/such/folder }
logic_servers:
  heating:
    events: [devices/+/events/temperature]
    timers: [fan-off]
    grants: { command: [{ device: '#', names: [fan.set] }], publish: ['plant/#'] }
    retries: 0
`;
const ID = '[0-9A-Z]{26}';

let hub: TestHub;
let clock: ManualClock;
let admin: AdminClient;
let heating: LogicClient;
afterEach(() => hub.stop());

async function start(yaml = YAML): Promise<void> {
  clock = new ManualClock();
  hub = await startTestHub({ yaml, clock });
  admin = await AdminClient.of(hub.adminUrl);
  heating = new LogicClient(hub.adminUrl, 'heating');
}

/** @returns the event as it is asked about: `CHANNEL@POSITION` */
async function post(device: string, body = '{}', type = 'temperature'): Promise<string> {
  const answer = await fetch(`${hub.url}/v1/devices/${device}/events/${type}`, { method: 'POST', body });
  const { position } = (await answer.json()) as { position: string };
  return `devices/${device}/events/${type}@${position}`;
}

async function whyNot(event: string, plugin = 'heating'): Promise<{ now: string; sentences: string[] }> {
  const { json } = await admin.get(`/admin/why-not?event=${encodeURIComponent(event)}&plugin=${plugin}`);
  return { now: json.now, sentences: json.steps.map(({ sentence }: { sentence: string }) => sentence) };
}

async function firstCommand(device: string): Promise<string> {
  const { id } = (await (await fetch(`${hub.url}/v1/devices/${device}/commands?wait=0`)).json()) as { id: string };
  return id;
}

const FAN = { commands: [{ device: 'fan-1', name: 'fan.set' }] };

describe('Why a command was sent', () => {
  it('is the turn that asked for it, and what became of it follows', async () => {
    await start();
    const event = (await post('fan-1')).replace('@', ' ');
    await heating.answer(await heating.one(), FAN);
    const { json } = await admin.get(`/admin/why/commands/${await firstCommand('fan-1')}`);
    const cause = `heating.event of "heating" asked for it in its turn for event ${event}.`;
    expect(json.now).toMatch(new RegExp(`^Command 1 of device "fan-1" \\("fan.set", ${ID}\\) is LEASED\\. heating`));
    expect(json.steps.map(({ sentence }: { sentence: string }) => sentence)).toEqual([
      cause,
      'Command 1 became QUEUED: its producer sent it.',
      'Command 1 became LEASED in delivery 1: a poll of the device was given it.',
    ]);
  });

  it('is the timer that a turn had set, and that turn', async () => {
    await start();
    const event = (await post('fan-1')).replace('@', ' ');
    await heating.answer(await heating.one(), { timers: [{ name: 'fan-off', after: '15m' }] });
    clock.advance(901_000);
    await heating.answer(await heating.one('wait=30'), FAN);
    const { json } = await admin.get(`/admin/why/commands/${await firstCommand('fan-1')}`);
    expect(json.now).toContain(
      `in its turn for timer fan-off fan-1, set by heating.event of "heating" for event ${event}.`,
    );
  });

  it('is somebody outside of the hub, or a job', async () => {
    await start();
    const headers = { 'Content-Type': 'application/json' };
    const body = JSON.stringify({ name: 'fan.set', devices: ['fan-1'] });
    await fetch(`${hub.url}/v1/devices/fan-2/commands`, { method: 'POST', headers, body: '{"name":"fan.set"}' });
    const byHand = await firstCommand('fan-2');
    expect((await admin.get(`/admin/why/commands/${byHand}`)).json.now).toMatch(
      / Somebody outside of the hub sent it\.$/,
    );
    await post('fan-1');
    await fetch(`${hub.url}/v1/commands`, { method: 'POST', headers, body });
    let byJob = '';
    await eventually('the job has sent it', async () => {
      clock.advance(1_000);
      const answer = await fetch(`${hub.url}/v1/devices/fan-1/commands?wait=0`);
      if (answer.status === 200) byJob = ((await answer.json()) as { id: string }).id;
      return byJob !== '';
    });
    expect((await admin.get(`/admin/why/commands/${byJob}`)).json.now).toMatch(
      new RegExp(` The job ${ID} sent it\\.$`),
    );
  });

  it('cannot be told when its record is gone', async () => {
    await start();
    const { status, json } = await admin.get('/admin/why/commands/01JDA0R9S3M6T5E1V7XQ2N8K4B');
    expect([status, json.code, json.detail]).toEqual([
      404,
      'command_not_found',
      expect.stringContaining('its record is gone'),
    ]);
  });
});

describe('Why a plugin did nothing about an event', () => {
  it('is what it said when it skipped it; also of the last event, and as causes write it', async () => {
    await start();
    const event = await post('fan-1');
    await heating.answer(await heating.one(), { skip: 'below the limit' });
    for (const asked of [event, `event ${event.replace('@', ' ')}`, 'devices/fan-1/events/temperature']) {
      expect(await whyNot(asked)).toEqual({
        now: `"heating" has seen ${event.replace('@', ' ')}. heating.event: skipped.`,
        sentences: ['heating.event skipped it: below the limit'],
      });
    }
  });

  it('is that it did something, or asked for nothing', async () => {
    await start();
    const [first, second] = [await post('fan-1'), await post('fan-2')];
    await heating.answer(await heating.one(), FAN);
    await heating.answer(await heating.one(), {});
    expect((await whyNot(first)).sentences).toEqual([
      'heating.event was called, and what it asked for was done: 1 thing.',
    ]);
    expect((await whyNot(second)).now).toMatch(/ heating\.event asked for nothing\.$/);
  });

  it('is the payload, the failure, the grant that was refused, and the dead letter', async () => {
    await start();
    const broken = await post('fan-1', 'no json');
    const refused = await post('fan-2');
    const turn = await heating.one();
    await heating.answer(turn, { commands: [{ device: 'fan-2', name: 'fan.reset' }] });
    await heating.answer(turn, { reject: 'the price service is away' });
    await eventually('it is given up', async () => (await whyNot(refused)).sentences.length === 2);
    expect((await whyNot(broken)).sentences).toEqual([
      expect.stringMatching(/^heating\.event was not called, for the payload is wrong: it is not JSON/),
    ]);
    expect(await whyNot(refused)).toEqual({
      now: expect.stringMatching(/heating\.event: buried\.$/),
      sentences: [
        'heating.event failed at attempt 1: the price service is away',
        'heating.event gave it up after 1 attempts; it is among the dead letters: the price service is away',
      ],
    });
  });

  it('is that it waits for its turn', async () => {
    await start(YAML.replace('retries: 0', 'retries: 0, concurrency: 1').replace('retries: 0, c', 'retries: 0\n    c'));
    await post('fan-1');
    const second = await post('fan-1');
    await heating.one();
    expect((await whyNot(second)).now).toBe(
      'It waits for its turn in "heating": those of its key that came before it come first.',
    );
  });

  it('is that no pattern matches, it does not run, or it is switched off', async () => {
    await start();
    const event = await post('fan-1', '{}', 'noise');
    expect((await whyNot(event)).now).toBe(
      'No pattern of "heating" matches devices/fan-1/events/noise: it has devices/+/events/temperature.',
    );
    expect((await whyNot(event, 'thermostat')).now).toBe('"thermostat" is switched off: it gets nothing.');
    expect((await whyNot(event, 'gone')).now).toMatch(
      /^"gone" does not run: There is no folder .* Its events wait for it\.$/,
    );
  });

  it('is not known of events that nobody sent, and of those that came before the hub was started', async () => {
    await start();
    expect((await whyNot('devices/nobody/events/temperature')).now).toBe(
      'The hub knows no event of devices/nobody/events/temperature.',
    );
    const { now } = await whyNot('devices/fan-1/events/temperature@1600000000:0');
    expect(now).toMatch(
      /^No turn of "heating" for it is remembered, and none is to come\. The hub was started after it, at /,
    );
  });

  it('is refused when no event is named', async () => {
    await start();
    for (const event of ['plant/a', 'devices/fan-1/events/temperature@soon', '', 'a b c']) {
      const { json } = await admin.get(`/admin/why-not?event=${encodeURIComponent(event)}&plugin=heating`);
      expect(json.code).toBe('bad_request');
    }
    expect((await admin.get('/admin/why-not?plugin=heating')).json.code).toBe('bad_request');
  });
});

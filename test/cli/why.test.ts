import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { run } from '../../src/cli/run.js';
import { LogicClient } from '../e2e/support/logic-client.js';
import { eventually } from '../support/eventually.js';
import { startTestHub, type TestHub } from '../support/start-hub.js';
import { FakeTerminal } from './support/fake-terminal.js';

const HEATING = `
limits: { stop_timeout: 0s }
logic_servers: { heating: { events: [devices/+/events/temperature], timers: [fan-off] } }
`;

let hub: TestHub;
beforeEach(async () => {
  hub = await startTestHub();
});
afterEach(() => hub.stop());

async function ask(...args: string[]) {
  const terminal = new FakeTerminal();
  const exitCode = await run([...args, '--admin', hub.adminUrl], terminal);
  return { exitCode, out: terminal.out, err: terminal.err };
}

async function post(celsius: number): Promise<void> {
  const body = JSON.stringify({ celsius });
  await fetch(`${hub.url}/v1/devices/fan-1/events/temperature`, { method: 'POST', body });
}

describe('signalbox why', () => {
  it('tells which turn sent a command, and what became of it', async () => {
    await post(31.5);
    const poll = await fetch(`${hub.url}/v1/devices/fan-1/commands?wait=10`);
    const { id } = (await poll.json()) as { id: string };
    const { exitCode, out } = await ask('why', 'command', id);
    expect(exitCode).toBe(0);
    const [now, before, cause, ...steps] = out.split('\n');
    expect(before).toMatch(/^ {2}< The event /);
    expect(now).toMatch(
      /^Command 1 of device "fan-1" \("fan\.set", .*\) is LEASED\. thermostat\.regulate of "thermostat" 1/,
    );
    expect(cause).toMatch(
      /^ {2}\S+Z thermostat\.regulate of "thermostat" .* event devices\/fan-1\/events\/temperature \d+:\d+\.$/,
    );
    expect(steps.at(-2)).toMatch(/^ {2}\S+Z Command 1 became LEASED in delivery 1/);
  });

  it('tells what led to it, and who published a message', async () => {
    await post(31.5);
    const poll = await fetch(`${hub.url}/v1/devices/fan-1/commands?wait=10`);
    const { id } = (await poll.json()) as { id: string };
    const reported = /\n {2}< The event \S+ \S+ is of \S+Z\. Device "fan-1" reported it, by POST to /;
    expect((await ask('why', 'command', id)).out).toMatch(reported);
    const channel = 'devices/fan-1/outcomes';
    const { exitCode, out } = await ask('why', 'message', channel);
    expect(exitCode).toBe(0);
    expect(out).toMatch(/^Message \S+ of channel "devices\/fan-1\/outcomes" is of \S+Z and has \d+ bytes\. The hub/);
    expect(out).toContain(`  < It tells of command ${id} of device "fan-1" ("fan.set"). thermostat.regulate of`);
    expect(out).toMatch(reported);
    const [, position = ''] = /^Message (\S+)/.exec(out) ?? [];
    expect((await ask('why', 'message', channel, position)).out).toBe(out);
    const missing = await ask('why', 'message', channel, '5:0', '--group', 'plant');
    expect([missing.exitCode, missing.err]).toEqual([1, expect.stringContaining('in the group "plant"')]);
  });

  it('tells which turn set a timer, and fails when none waits', async () => {
    await hub.stop();
    hub = await startTestHub({ yaml: HEATING });
    await post(31.5);
    const heating = new LogicClient(hub.adminUrl, 'heating');
    await heating.answer(await heating.one('wait=5'), { timers: [{ name: 'fan-off', after: '15m' }] });
    const { exitCode, out } = await ask('why', 'timer', 'heating', 'fan-off', 'fan-1');
    expect(exitCode).toBe(0);
    expect(out).toMatch(/^Timer "fan-off" of "heating" for "fan-1" comes at \S+Z\. heating\.event of "heating" asked /);
    expect(out).toMatch(/\n {2}< The event \S+ \S+ is of \S+Z\. Device "fan-1" reported it, by POST to .*\n$/);
    const missing = await ask('why', 'timer', 'heating', 'fan-off', 'fan-2');
    expect([missing.exitCode, missing.err]).toEqual([1, expect.stringContaining('has no timer "fan-off" of "fan-2"')]);
  });

  it('fails when nobody has it, and asks for nothing else', async () => {
    const { exitCode, err } = await ask('why', 'command', 'x');
    expect([exitCode, err]).toEqual([1, expect.stringContaining('No device has a command "x"')]);
    expect((await ask('why', 'device', 'fan-1')).exitCode).toBe(2);
  });
});

describe('signalbox why-not', () => {
  it('tells what a plugin said when it skipped an event', async () => {
    for (const celsius of [31, 32]) await post(celsius);
    await eventually('it is told', async () => {
      const { out } = await ask('why-not', 'devices/fan-1/events/temperature', 'thermostat');
      return /skipped\.\n {2}\S+Z thermostat\.regulate skipped it: the fan was told already\n$/.test(out);
    });
    const { exitCode, err } = await ask('why-not', 'devices/fan-1/events/temperature', 'ghost');
    expect([exitCode, err]).toEqual([1, expect.stringContaining('There is no plugin "ghost"')]);
  });
});

import { resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { defaultConfig } from '../../src/config/load-config.js';
import type { RecordedLine } from '../../src/recording/recorded-line.js';
import { type ComparedCommand, type Difference, type ReplayOptions, replay } from '../../src/replay/replay.js';
import { replayedPlugin, settingsFaults } from '../../src/replay/replayed-plugin.js';
import { IDLE, script } from '../logic/plugins/scripted/index.js';
import { command, event, NOON, outcome, placed } from './support/written-recording.js';

beforeEach(() => Logger.overrideLogger(false));
afterEach(() => void Object.assign(script, IDLE));

function toldOf(difference: Difference): string {
  const of = ({ device, name, params }: ComparedCommand) => ` ${device} ${name} ${JSON.stringify(params)}`;
  const expected = 'expected' in difference ? of(difference.expected) : '';
  return difference.is + expected + ('actual' in difference ? ` →${of(difference.actual)}` : '');
}

async function replayed(
  lines: readonly RecordedLine[],
  {
    plugin = 'test/logic/plugins/scripted',
    settings = {},
    ...options
  }: Partial<Omit<ReplayOptions, 'plugin'>> & {
    plugin?: string;
    settings?: object;
  } = {},
) {
  const config = defaultConfig();
  const { entry, name } = await replayedPlugin(resolve(plugin), config, { settings: { ...settings }, name: undefined });
  const told = { sent: [] as string[], differences: [] as string[], warnings: [] as string[] };
  const summary = await replay({
    ...{ lines: placed(lines), plugin: entry, comparedWith: name, config },
    listener: {
      sent: ({ at, device, name: sent, params }) =>
        void told.sent.push(`${(at - NOON) / 1_000} ${device} ${sent} ${JSON.stringify(params)}`),
      differs: (difference) => void told.differences.push(toldOf(difference)),
      warn: (sentence) => told.warnings.push(sentence),
    },
    ...options,
  });
  return { ...told, summary };
}

const temperature = (second: number, celsius: number) => event(second, 'fan-1/temperature', { celsius });
const fanSet = (second: number, on: boolean) =>
  command(second, 'fan-1', { name: 'fan.set', params: { on }, plugin: 'thermostat' });

describe('A replay', () => {
  it('finds what the plugin would send the same as what was sent', async () => {
    const lines = [temperature(1, 31), fanSet(1, true), temperature(2, 32), temperature(3, 20), fanSet(3, false)];
    const { sent, differences, summary } = await replayed(lines, { plugin: 'plugins/thermostat' });
    expect(sent).toEqual(['1 fan-1 fan.set {"on":true}', '3 fan-1 fan.set {"on":false}']);
    expect(differences).toEqual([]);
    expect(summary).toMatchObject({ events: 3, recorded: 2, sent: 2, same: 2, others: [] });
  });

  it('tells what another version, or other settings, would do otherwise', async () => {
    script.handle = ({ device, data }, turn) => {
      if (data.value === 1) turn.command(device, 'go', { to: 'left' }, { key: 'way' });
      if (data.value === 2) turn.command(device, 'stop');
    };
    const lines = [
      event(1, 'd/reading', { value: 1 }),
      command(1, 'd', { params: { to: 'right' } }),
      event(2, 'd/reading', { value: 2 }),
      event(3, 'd/reading', { value: 3 }),
      command(3, 'd', { name: 'dance' }),
    ];
    const { differences, summary } = await replayed(lines);
    expect(differences).toEqual([
      'changed d go {"to":"right"} → d go {"to":"left"}',
      'missing d dance {}',
      'extra → d stop {}',
    ]);
    expect(summary).toMatchObject({ same: 0, differences: { missing: 1, extra: 1, changed: 1, moved: 0 } });
  });

  it('plays what devices answered as the answers to the same commands', async () => {
    const heard: string[] = [];
    script.handle = ({ device }, turn) => turn.command(device, 'go');
    script.hear = ({ id, device, state, result }, turn) => {
      heard.push(`${id.length} ${state}`);
      turn.command(device, 'report', { status: result?.status });
    };
    const lines = [
      event(1, 'd/reading', { value: 1 }),
      outcome(1, 'd', 'R1', 'QUEUED'),
      command(1, 'd', { id: 'R1' }),
      outcome(2, 'd', 'R1', 'LEASED'),
      outcome(3, 'd', 'R1', 'FAILED', { result: { status: 500 } }),
    ];
    const { sent, differences } = await replayed(lines);
    expect(heard).toEqual(['26 FAILED']);
    expect(sent).toEqual(['1 d go {}', '3 d report {"status":500}']);
    expect(differences).toEqual(['extra → d report {"status":500}']);
  });

  it('plays a late result as one of the same command', async () => {
    const heard: string[] = [];
    script.handle = ({ device }, turn) => turn.command(device, 'go');
    script.hear = ({ id, state }) => void heard.push(`${id === 'R1' ? 'recorded' : 'replayed'} ${state}`);
    await replayed([
      event(1, 'd/reading', { value: 1 }),
      command(1, 'd', { id: 'R1' }),
      outcome(2, 'd', 'R1', 'TIMED_OUT'),
      outcome(9, 'd', 'R1', 'SUCCEEDED', { late: true }),
    ]);
    expect(heard).toEqual(['replayed TIMED_OUT', 'replayed SUCCEEDED']);
  });

  it('plays what became of the commands of others, and not what became of those that are not sent', async () => {
    const heard: string[] = [];
    script.hear = ({ id, state }) => void heard.push(`${id} ${state}`);
    const { differences, summary } = await replayed([
      command(1, 'd', { id: 'R1' }),
      command(1, 'd', { id: 'R2', plugin: 'other' }),
      command(1, 'd', { id: 'R3', plugin: null }),
      ...['R1', 'R2', 'R3', 'R4'].map((id) => outcome(2, 'd', id, 'SUCCEEDED')),
      event(60, 'd/reading', { value: 1 }),
    ]);
    expect(heard.sort()).toEqual(['R2 SUCCEEDED', 'R3 SUCCEEDED', 'R4 SUCCEEDED']);
    expect(differences).toEqual(['missing d go {}']);
    expect(summary).toMatchObject({ others: ['other'], outcomes: 3, recorded: 1 });
  });

  it('lets timers come in the time of the recording', async () => {
    script.handle = ({ device }, turn) => turn.timers.set('tick', '15m', device);
    script.ring = ({ key }, turn) => turn.command(key, 'go', { late: true });
    const lines = [event(0, 'd/reading', { value: 1 }), event(3_600, 'e/reading', { value: 1 })];
    const { sent } = await replayed(lines);
    expect(sent).toEqual([expect.stringMatching(/^900(\.\d+)? d go \{"late":true\}$/)]);
  });

  it('does nothing outside: the outbox is not called, and no message is published', async () => {
    const mails: unknown[] = [];
    script.mail = (item) => void mails.push(item);
    script.handle = (_, turn) => {
      turn.outbox.put('mail', 'fire');
      turn.publish('alarms', 'fire');
    };
    const { sent, summary } = await replayed([
      event(0, 'd/reading', { value: 1 }),
      event(3_600, 'd/reading', { value: 1 }),
    ]);
    expect([mails, sent]).toEqual([[], []]);
    expect(summary).toMatchObject({ outboxItems: 2, messages: 2, sent: 0 });
  });

  it('keeps the state of the plugin from event to event', async () => {
    script.handle = async ({ device }, turn) => {
      const kept = turn.state.for(device);
      const count = ((await kept.get<number>('count')) ?? 0) + 1;
      kept.set('count', count);
      turn.command(device, 'go', { count });
    };
    const { sent } = await replayed([1, 2, 3].map((second) => event(second, 'd/reading', { value: 1 })));
    expect(sent.map((line) => line.slice(-11))).toEqual(['{"count":1}', '{"count":2}', '{"count":3}']);
  });

  it('tells what went wrong in the plugin, and goes on', async () => {
    script.handle = ({ data }) => {
      if (data.value === 1) throw new Error('not today');
    };
    const lines = [
      event(1, 'd/reading', { value: 1 }),
      event(2, 'd/reading', { value: 'x' }),
      event(300, 'd/reading', { value: 2 }),
    ];
    const { warnings, summary } = await replayed(lines);
    expect(warnings.filter((line) => line.includes('not today'))).toHaveLength(4);
    expect(summary.status?.counters).toMatchObject({ failed: 4, buried: 1, invalid: 1, turns: 1 });
  });

  it('passes the time of the recording at the pace that it is given', async () => {
    let passed = 0;
    const pace = async (ms: number) => {
      passed += ms;
    };
    await replayed([event(0, 'd/reading', { value: 1 }), event(2, 'd/reading', { value: 1 })], { pace });
    expect(passed).toBe(2_000);
  });

  it('can be ended within years without a line', async () => {
    const stopping = new AbortController();
    script.handle = () => void setImmediate(() => stopping.abort(new Error('enough')));
    const lines = [event(0, 'd/reading', { value: 1 }), event(100 * 365 * 86_400, 'd/reading', { value: 1 })];
    await expect(replayed(lines, { signal: stopping.signal })).rejects.toThrow('enough');
  });

  it('counts gaps', async () => {
    const gap = { kind: 'gap', time: NOON, lost: null, reason: 'x' } as const;
    expect((await replayed([gap, gap])).summary.gaps).toBe(2);
  });

  it('goes no further with a handler that waits for something outside', async () => {
    script.handle = () => new Promise(() => {});
    await expect(replayed([event(0, 'd/reading', { value: 1 })])).rejects.toThrow(
      'a handler waits for something outside',
    );
  });

  it('refuses settings that the plugin does not take, and a plugin that does not run', async () => {
    const fails = replayed([temperature(1, 1)], { plugin: 'plugins/thermostat', settings: { limit: 'warm' } });
    await expect(fails).rejects.toThrow();
    expect(settingsFaults(await fails.catch((error: unknown) => error))).toContain(
      'thermostat: config.limit is "warm".',
    );
    await expect(replayed([temperature(1, 1)], { plugin: 'test/logic/plugins/unmet' })).rejects.toThrow(
      'The plugin does not run: ',
    );
  });
});

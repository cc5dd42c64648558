import { describe, expect, it } from '@jest/globals';
import { channelPattern } from '../../src/channels/channel-pattern.js';
import { describeConfig } from '../../src/config/describe-config.js';
import { CHANNEL_PATTERN, EVENT_PATTERN } from '../../src/config/keys/logic-server-keys.js';
import { parseConfig } from '../../src/config/load-config.js';
import { eventPatternFault } from '../../src/logic/loading/event-pattern.js';
import { linesOf } from './faults-of.js';

const WHOLE = `
logic_servers:
  heating:
    token: 0123456789abcdef
    events: [devices/+/events/temperature, devices/#]
    outcomes: [fan.set]
    timers: [fan-off]
    outbox: [mail]
    grants:
      command:
        - { device: '#', names: [fan.set, fan.off], rate: 10/m }
        - { device: fan-1, names: ['*'] }
      jobs:
        - { devices: fan-*, names: [fan.reset], rate: 50/s }
      publish: [heating/#]
      state: 1M
    key: all
    concurrency: 4
    lease: 2m
    retries: 5
    backoff: 500ms..10s
`;

function serversOf(text: string) {
  return parseConfig(text, 'hub.yaml').logicServers;
}

describe('Logic servers', () => {
  it('are read with all that they are given and may do', () => {
    expect(serversOf(WHOLE)).toEqual([
      {
        name: 'heating',
        enabled: true,
        token: '0123456789abcdef',
        events: ['devices/+/events/temperature', 'devices/#'],
        outcomes: ['fan.set'],
        timers: ['fan-off'],
        outbox: ['mail'],
        grants: {
          command: [
            { device: '#', names: ['fan.set', 'fan.off'], rate: '10/m' },
            { device: 'fan-1', names: ['*'] },
          ],
          jobs: [{ devices: 'fan-*', names: ['fan.reset'], rate: '50/s' }],
          publish: ['heating/#'],
          state: '1M',
        },
        key: 'all',
        concurrency: 4,
        leaseMs: 120_000,
        retries: 5,
        backoff: '500ms..10s',
      },
    ]);
  });

  it('have defaults for all but what they are given', () => {
    expect(serversOf('logic_servers: { a: { outcomes: [go], enabled: off } }')).toEqual([
      {
        ...{ name: 'a', enabled: false, token: undefined, events: [], outcomes: ['go'], timers: [], outbox: [] },
        ...{
          grants: { command: [], jobs: [], publish: [], state: '16M' },
          key: 'device',
          concurrency: 16,
          leaseMs: 60_000,
        },
        ...{ retries: 3, backoff: '1s..30s' },
      },
    ]);
  });

  it('are told by "signalbox check" in the words of the file, without their tokens', () => {
    const told = describeConfig(parseConfig(WHOLE, 'hub.yaml')).replaceAll(/,\n +/g, ', ');
    expect(told).toContain('  heating on, a token is asked for\n');
    expect(told).toContain('grants.command fan.set fan.off to # at 10/m');
    expect(told).toContain('lease 2m, retries 5, backoff 500ms..10s');
    expect(told).not.toContain('0123456789abcdef');
  });

  it.each([
    ['5', 'logic_servers is 5. A mapping'],
    ['{ a: 5 }', 'logic_servers.a is 5. A mapping'],
    ['{ ../a: { events: ["#"] } }', 'logic_servers.../a is a mapping. A logic server is named'],
    ['{ a: {} }', 'logic_servers.a is a mapping. A logic server has events or outcomes'],
    ['{ a: { timers: [t] } }', 'logic_servers.a is a mapping. A logic server has events or outcomes'],
    ['{ thermostat: { events: ["#"] } }', 'logic_servers.thermostat is a mapping. There is a plugin "thermostat" too'],
    ['{ a: { events: "#" } }', 'logic_servers.a.events is "#". A list'],
    ['{ a: { events: ["#", plant/#] } }', 'logic_servers.a.events[1] is "plant/#". A pattern of events'],
    ['{ a: { events: ["#", "#"] } }', 'logic_servers.a.events[1] is "#". It stands in the list twice'],
    ['{ a: { outcomes: [1] } }', "logic_servers.a.outcomes[0] is 1. A command's name"],
    ['{ a: { events: ["#"], timers: [a b] } }', 'logic_servers.a.timers[0] is "a b". A name of 1 to 128'],
    [
      '{ a: { events: ["#"], token: short } }',
      'logic_servers.a.token has 5 characters, which are not shown. A text of 16 to 256',
    ],
    ['{ a: { events: ["#"], key: room } }', 'logic_servers.a.key is "room". Allowed is device, all or none'],
    ['{ a: { events: ["#"], lease: 2h } }', 'logic_servers.a.lease is "2h". A time from 1s to 1h'],
    ['{ a: { events: ["#"], backoff: 30s..1s } }', 'logic_servers.a.backoff is "30s..1s". Two times'],
    ['{ a: { events: ["#"], backoff: 0s..1s } }', 'logic_servers.a.backoff is "0s..1s". Two times'],
    ['{ a: { events: ["#"], grants: { publish: [a+] } } }', 'logic_servers.a.grants.publish[0] is "a+". A pattern of'],
    [
      '{ a: { events: ["#"], grants: { command: [{ device: "+", names: [a] }] } } }',
      'grants.command[0].device is "+".',
    ],
    ['{ a: { events: ["#"], grants: { command: [{ device: d }] } } }', 'grants.command[0].names. It is missing.'],
    ['{ a: { events: ["#"], grants: { command: [{ device: d, names: [] }] } } }', 'names is a list. A list of names'],
    ['{ a: { events: ["#"], grants: { commands: [] } } }', 'did you mean command?'],
  ])('are refused as %s', (text, fault) => {
    expect(linesOf(`logic_servers: ${text}`)).toEqual([expect.stringContaining(fault)]);
  });
});

describe('Patterns of logic servers', () => {
  const segments = ['devices', 'events', 'fan-1', '$presence', '+', '#', 'a+', ''];
  /** Everything that can be made of one to five segments. */
  const patterns = segments.slice();
  for (let from = 0; patterns.length < 37_448; from++) {
    for (const segment of segments) patterns.push(`${patterns[from]}/${segment}`);
  }

  it('are taken of events just when the logic takes them, but for empty segments, which no event has', () => {
    const whole = patterns.filter((each) => !each.split('/').includes(''));
    expect(whole.at(-1)?.split('/')).toHaveLength(5);
    const isTaken = (pattern: string) => takes(() => eventPatternFault(pattern));
    expect(whole.filter((each) => EVENT_PATTERN.pattern.test(each) !== isTaken(each))).toEqual([]);
  });

  it('are taken of channels just when channels take them', () => {
    const isTaken = (pattern: string) => takes(() => void channelPattern(pattern));
    expect(patterns.filter((each) => CHANNEL_PATTERN.pattern.test(each) !== isTaken(each))).toEqual([]);
  });

  /** Nothing is wrong. */
  function takes(fault: () => string | undefined): boolean {
    try {
      return fault() === undefined;
    } catch {
      return false;
    }
  }
});

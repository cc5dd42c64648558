import { describe, expect, it } from '@jest/globals';
import { BY_HAND, locationCause } from '../../../src/channels/publisher-cause.js';
import type { Command } from '../../../src/commands/life/command.js';
import type { StoredMessage } from '../../../src/engine/message-log.js';
import { formatPosition } from '../../../src/engine/position.js';
import { type Cause, turnsBehind, writeCause } from '../../../src/logic/cause.js';
import { tellCause } from '../../../src/logic/explaining/told-cause.js';
import { type ChainParts, tellBefore } from '../../../src/logic/explaining/told-chain.js';

const EVENT = 'event devices/fan-1/events/alarm 5:0';

function causeWith(changed: Partial<Cause> = {}): Cause {
  return { plugin: 'alarm', version: '1.0.0', handler: 'alarm.heard', by: EVENT, depth: 1, ...changed };
}

/** What is still kept: messages by `CHANNEL POSITION`, and one command. */
function kept(messages: Readonly<Record<string, Partial<StoredMessage>>>, command?: Partial<Command>): ChainParts {
  return {
    message: async ({ id }, position) => {
      const found = messages[`${id} ${formatPosition(position)}`];
      return found && ({ body: Buffer.from('{}'), publishedAt: 5_000, ...found } as StoredMessage);
    },
    command: async () => command as Command | undefined,
  };
}

const alarm = (cause?: string) => ({ 'devices/fan-1/events/alarm 5:0': { cause } });
const AT = `The ${EVENT} is of 1970-01-01T00:00:05.000Z.`;

describe('What led to a cause', () => {
  it.each([
    ['a device', undefined, 'Device "fan-1" reported it, by POST to /v1/devices/fan-1/events/alarm or in a batch.'],
    ['an operator', BY_HAND, 'An operator published it by the admin API.'],
    [
      'a location',
      locationCause('/pub', 'devices/fan-1/events/alarm', ''),
      'Somebody outside of the hub published it, at the publisher location "/pub".',
    ],
  ])('is %s that published its event', async (_, cause, sentence) => {
    expect(await tellBefore(causeWith(), kept(alarm(cause)))).toEqual([`${AT} ${sentence}`]);
  });

  it('is the event that a pipeline was given, and nothing where it was given none', async () => {
    const given = causeWith({ handler: 'alarm.flow', by: 'pipeline', given: EVENT });
    expect(tellCause(given)).toBe(`alarm.flow, a pipeline of "alarm" 1.0.0, gave it out when it was given ${EVENT}.`);
    expect(await tellBefore(given, kept(alarm()))).toEqual([expect.stringContaining(AT)]);
    expect(await tellBefore(causeWith({ by: 'pipeline' }), kept({}))).toEqual([]);
  });

  it('is the command that an outcome tells of, and what led to that, as far as they are kept', async () => {
    const heard = causeWith({ by: 'outcome devices/fan-1/outcomes 6:0' });
    const body = Buffer.from('{"id":"01J","device":"fan-1","name":"fan.set"}');
    const messages = { 'devices/fan-1/outcomes 6:0': { body }, ...alarm() };
    const told = 'It tells of command 01J of device "fan-1" ("fan.set")';
    expect(await tellBefore(heard, kept(messages))).toEqual([
      expect.stringMatching(/^The outcome devices\/fan-1\/outcomes 6:0 is of .* to tell what became of a command of /),
      `${told}, which is not kept any more.`,
    ]);
    const origin = writeCause(causeWith());
    expect(await tellBefore(heard, kept(messages, { name: 'fan.set', origin }))).toEqual([
      expect.any(String),
      `${told}. ${tellCause(causeWith())}`,
      expect.stringContaining(AT),
    ]);
  });

  it('ends where a message on a channel of outcomes is none', async () => {
    const heard = causeWith({ by: 'outcome devices/fan-1/outcomes 6:0' });
    const messages = { 'devices/fan-1/outcomes 6:0': { body: Buffer.from('no json') } };
    expect(await tellBefore(heard, kept(messages))).toHaveLength(1);
  });

  it('is not followed without end', async () => {
    const told = await tellBefore(causeWith(), kept(alarm(writeCause(causeWith({ handler: 'alarm.über' })))));
    expect(told).toHaveLength(33);
    expect(told[0]).toContain('alarm.über of "alarm"');
    expect(told.at(-1)).toBe('What came before that is not followed any further.');
  });

  it('is told as a version before kept it', async () => {
    const old = causeWith({ by: 'timer quiet fan-1', behind: 'set by alarm.heard of "alarm" for event a 1:0' });
    expect(tellCause(old)).toContain('for timer quiet fan-1, set by alarm.heard of "alarm" for event a 1:0.');
    expect(await tellBefore(old, kept({}))).toEqual([]);
    expect(turnsBehind(old)).toEqual([{ handler: 'alarm.heard', by: 'timer quiet fan-1' }]);
  });

  it('is kept in ASCII, whatever a method is called', () => {
    const written = writeCause(causeWith({ handler: 'alarm.über✓😀' }));
    expect(written).toMatch(/^[\x20-\x7e]+$/);
    expect(JSON.parse(written)).toEqual(causeWith({ handler: 'alarm.über✓😀' }));
  });
});

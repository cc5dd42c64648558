import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Command, EndedState } from '../../../src/commands/life/command.js';
import { endedOf } from '../../../src/commands/store/ended-command.js';
import { packed, unpacked } from '../../../src/commands/store/packed-command.js';

const ENDED_AT = '000001764100000';
const at = fc.integer({ min: 1_600_000_000_000, max: 1_900_000_000_000 });
const lock = fc.constantFrom('k3Yq', '1764100000:0');
const report = fc.record({
  status: fc.constantFrom(200, 404, 503),
  data: fc.constantFrom(undefined, null, { why: 'heiß' }),
});
const state = fc.oneof<fc.Arbitrary<EndedState>[]>(
  fc.record({
    is: fc.constant('SUCCEEDED' as const),
    at,
    evidence: fc.constant('acked' as const),
    lock,
    late: fc.boolean(),
  }),
  fc.record({ is: fc.constantFrom('REJECTED' as const, 'FAILED' as const), at, lock, late: fc.boolean(), report }),
  fc.record({ is: fc.constant('TIMED_OUT' as const), at, lock, lateUntil: at }),
  fc.record({ is: fc.constantFrom('EXPIRED' as const, 'DEAD' as const), at }),
);
const transition = fc.record({
  at,
  to: fc.constantFrom('QUEUED' as const, 'LEASED' as const, 'SUCCEEDED' as const),
  cause: fc.constantFrom('sent', 'lease', 'ack'),
  attempt: fc.nat(20),
});
const command: fc.Arbitrary<Command> = fc.record({
  id: fc.constant('01JB00000000000000000000AB'),
  device: fc.constantFrom('d', 'fan-1.local:80_x'),
  seq: fc.nat(),
  name: fc.constantFrom('fan.set', 'küche', 'a "b"'),
  paramsJson: fc.constantFrom('{}', '{"on":true}', 'null', '"text"'),
  message: fc.constantFrom(undefined, { contentType: null }, { contentType: 'text/plain' }),
  job: fc.constantFrom(undefined, { id: '01JB00000000000000000000ZZ', number: 7 }),
  origin: fc.constantFrom(undefined, '{"plugin":"thermostat"}'),
  ack: fc.constantFrom('none' as const, 'delivered' as const, 'result' as const),
  lane: fc.constantFrom('main', 'urgent'),
  priority: fc.nat(9),
  key: fc.constantFrom(undefined, 'setpoint'),
  createdAt: at,
  ttlMs: fc.nat(),
  expiresAt: at,
  timeoutMs: fc.nat(),
  attempt: fc.nat(20),
  locks: fc.array(lock, { maxLength: 3 }),
  state,
  history: fc.array(transition, { maxLength: 5 }),
  forgotten: fc.nat(3),
});

/** As a record can have it: fields that are not there have gone. */
function written(value: Command): unknown {
  return JSON.parse(JSON.stringify(value));
}

describe('A packed command', () => {
  it('is unpacked as it was', () => {
    fc.assert(
      fc.property(command, (given) => expect(written(unpacked(packed(given, ENDED_AT)))).toEqual(written(given))),
    );
  });

  it('takes little more than half of what JSON with names takes', () => {
    const [given] = fc.sample(command, { numRuns: 1, seed: 1 }) as [Command];
    const history = ['QUEUED', 'LEASED', 'SUCCEEDED'].map((to) => ({
      at: given.createdAt,
      to,
      cause: 'sent',
      attempt: 1,
    }));
    const usual = { ...given, history: history as Command['history'] };
    expect(packed(usual, ENDED_AT).length).toBeLessThan(0.6 * JSON.stringify(usual).length);
  });

  it('is read as well when it was written with names', () => {
    fc.assert(
      fc.property(command, (given) => expect(endedOf(ENDED_AT + JSON.stringify(given))).toEqual(written(given))),
    );
  });
});

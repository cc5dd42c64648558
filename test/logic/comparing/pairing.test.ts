import { describe, expect, it } from '@jest/globals';
import type { ComparedCommand, ComparedOptions } from '../../../src/logic/comparing/compared-command.js';
import { type Difference, Pairing } from '../../../src/logic/comparing/pairing.js';

/** `fan.set 1` at a second */
function command(
  at: number,
  name: string,
  params: unknown = {},
  device = 'd',
  { by = '', ...options }: ComparedOptions & { by?: string } = {},
): ComparedCommand {
  return { id: `${at}`, at, device, name, params, options, handler: 'a.b', by };
}

/** Pairs what each side sends, in the order of time, those that ran first. */
function compare(expected: readonly ComparedCommand[], actual: readonly ComparedCommand[], window = 10) {
  const same: string[] = [];
  const differences: Difference[] = [];
  const pairing = new Pairing({
    same: ({ device, name }) => same.push(`${device} ${name}`),
    differs: (difference) => differences.push(difference),
  });
  const all = [...expected.map((c) => ['expect', c] as const), ...actual.map((c) => ['add', c] as const)];
  for (const [side, sent] of all.sort(([, a], [, b]) => a.at - b.at)) {
    pairing.expire(sent.at - window);
    pairing[side](sent);
  }
  pairing.expire(Number.POSITIVE_INFINITY);
  expect(pairing.size).toBe(0);
  return { same, told: differences.map(toldOf) };
}

function toldOf(difference: Difference): string {
  const { is } = difference;
  const of = ({ at, name, params }: ComparedCommand) => `${at} ${name} ${JSON.stringify(params)}`;
  const before = 'expected' in difference ? ` ${of(difference.expected)}` : '';
  const after = 'actual' in difference ? ` → ${of(difference.actual)}` : '';
  return `${is}${before}${after}`;
}

describe('Pairing', () => {
  it('finds nothing where both do the same', () => {
    const commands = [command(1, 'on'), command(1, 'on'), command(2, 'off', { a: 1, b: [1, { c: 2, d: 3 }] }, 'e')];
    const others = [command(1, 'on'), command(3, 'on'), command(2, 'off', { b: [1, { d: 3, c: 2 }], a: 1 }, 'e')];
    expect(compare(commands, others)).toEqual({ same: ['d on', 'e off', 'd on'], told: [] });
  });

  it('tells what is missing, what is extra and what has other params', () => {
    const { told } = compare([command(1, 'on'), command(2, 'dim', 5)], [command(2, 'dim', 7), command(3, 'off')]);
    expect(told).toEqual(['missing 1 on {}', 'changed 2 dim 5 → 2 dim 7', 'extra → 3 off {}']);
  });

  it('pairs what has other params with its like, not with what came first', () => {
    const { told, same } = compare([command(1, 'dim', 1), command(2, 'dim', 2)], [command(2, 'dim', 2)]);
    expect([told, same]).toEqual([['missing 1 dim 1'], ['d dim']]);
  });

  it('pairs what was sent for the same reason', () => {
    const sent = (at: number, name: string, by: string) => command(at, name, {}, 'd', { by });
    const live = [sent(1, 'on', 'e1'), sent(2, 'off', 'e2'), sent(3, 'on', 'e3'), sent(5, 'off', 'e5')];
    const other = [command(1, 'on', { fast: true }, 'd', { by: 'e1' }), sent(4, 'on', 'e4'), sent(5, 'off', 'e5')];
    const { same, told } = compare(live, other);
    expect(told).toEqual(['changed 1 on {} → 1 on {"fast":true}', 'missing 2 off {}', 'moved 3 on {} → 4 on {}']);
    expect(same).toEqual(['d off', 'd on']);
  });

  it('waits for the like of a command as long as it is told to', () => {
    expect(compare([command(1, 'on')], [command(11, 'on')]).told).toEqual([]);
    expect(compare([command(1, 'on')], [command(12, 'on')]).told).toEqual(['missing 1 on {}', 'extra → 12 on {}']);
  });

  it('tells what goes to a device in another order', () => {
    const { told } = compare([command(1, 'on'), command(2, 'dim')], [command(1, 'dim'), command(2, 'on')]);
    expect(told).toEqual([expect.stringMatching(/^moved /)]);
    expect(
      compare([command(1, 'on'), command(2, 'dim', {}, 'e')], [command(1, 'dim', {}, 'e'), command(2, 'on')]).told,
    ).toEqual([]);
  });

  it.each<[ComparedOptions, ComparedOptions, number]>([
    [{}, { ack: 'delivered', lane: 'main', priority: 0 }, 0],
    [{}, { lane: 'urgent' }, 1],
    [{ key: 'a' }, { key: 'b' }, 1],
    [{ ack: 'result' }, {}, 1],
    [{ priority: 1 }, { priority: 2 }, 1],
  ])('looks at the options %j and %j', (a, b, differences) => {
    expect(compare([command(1, 'on', {}, 'd', a)], [command(1, 'on', {}, 'd', b)]).told).toHaveLength(differences);
  });
});

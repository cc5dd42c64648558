import { describe, expect, it } from '@jest/globals';
import type { Captured } from '../../../src/logic/comparing/capturing-commits.js';
import { ShadowComparison } from '../../../src/logic/shadow/shadow-comparison.js';

const START = Date.UTC(2026, 0, 15, 12);

function captured(at: number, by = 'timer a b', count = 1): Captured {
  const command = { id: '', at, device: 'd', name: 'go', params: {}, options: {}, handler: 'a.b', by };
  return { commands: Array.from({ length: count }, () => command), jobs: 0, messages: 0, outboxItems: 0 };
}

function comparison() {
  let now = START;
  const made = new ShadowComparison(() => now);
  return { made, pass: (ms: number) => (now += ms) };
}

describe('Comparing a shadow', () => {
  it('waits while one of the two is behind', () => {
    const { made, pass } = comparison();
    made.live(captured(START));
    pass(60_000);
    made.look(50_000);
    expect(made.figures.missing).toBe(0);
    made.shadow(captured(START + 60_000));
    made.look(0);
    expect(made.figures).toMatchObject({ live: 1, shadow: 1, same: 1, missing: 0 });
  });

  it('does not compare what was published before it began: the two may have begun at different places', () => {
    const { made, pass } = comparison();
    made.live(captured(START, `event devices/d/events/t ${START / 1_000 - 1}:0`));
    made.shadow(captured(START, `outcome devices/d/outcomes ${START / 1_000 - 1}:9`));
    made.live(captured(START, `event devices/d/events/t ${START / 1_000}:0`));
    pass(60_000);
    made.look(0);
    expect(made.figures).toMatchObject({ live: 2, shadow: 1, missing: 1, extra: 0 });
  });

  it('begins anew when too much waits, and counts it', () => {
    const { made, pass } = comparison();
    for (let i = 0; i < 11; i++) made.live(captured(START, 'timer a b', 1_000));
    pass(60_000);
    made.look(0);
    expect(made.figures).toMatchObject({ live: 11_000, uncompared: 11_000, missing: 0 });
  });

  it('remembers the last hundred differences', () => {
    const { made, pass } = comparison();
    for (let i = 0; i < 150; i++) made.shadow(captured(START + i));
    pass(60_000);
    made.look(0);
    expect(made.figures.extra).toBe(150);
    expect(made.differences).toHaveLength(100);
    expect(made.differences[0]?.shadow?.at).toBe(START + 149);
  });
});

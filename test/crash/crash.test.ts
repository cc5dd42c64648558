import { afterEach, describe, expect, it } from '@jest/globals';
import { endSpawned } from '../cli/support/spawned.js';
import { FROM_SOURCES } from '../support/hub-process.js';
import { crashRun } from './crash-run.js';

/** A hub out of the sources takes seconds to start on a busy machine. */
const PATIENCE_MS = 120_000;

afterEach(endSpawned);

describe('A hub that is killed under load, again and again', () => {
  it(
    'keeps all that it acknowledged, once and in order, and gives no position twice',
    async () => {
      const seed = Date.now() % 2 ** 32;
      const outcome = await crashRun({ kills: 2, seed, node: FROM_SOURCES, lifeMs: [200, 800] });
      expect({ seed, ...outcome }).toMatchObject({ seed, kills: 2, sentences: [], wrong: 0 });
      expect(outcome.requests).toBeGreaterThan(0);
    },
    PATIENCE_MS,
  );

  it(
    'is found out when it acknowledges what it does not store',
    async () => {
      const plan = { kills: 1, seed: 1, node: FROM_SOURCES, lifeMs: [400, 400], durability: 'none' } as const;
      const { sentences } = await crashRun(plan);
      expect(sentences).toContainEqual(expect.stringMatching(/^after 1 kills, channel \S+: message \d+ is lost$/));
    },
    PATIENCE_MS,
  );
});

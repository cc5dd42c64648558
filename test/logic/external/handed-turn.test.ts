import { afterEach, expect, it } from '@jest/globals';
import type { LogicServerEntry } from '../../../src/logic/external/server-entry.js';
import { eventually } from '../../support/eventually.js';
import { startLogic, stopLogic } from '../support/started-logic.js';

afterEach(stopLogic);

const LEDGER: LogicServerEntry = {
  ...{ name: 'ledger', enabled: true, token: undefined, events: ['devices/+/events/entry'], outcomes: [] },
  ...{ timers: [], outbox: [], grants: {}, key: 'none', concurrency: 16, leaseMs: 60_000, retries: 0 },
  backoff: '1s..30s',
};

it('A turn is handed out with what the journal dropped before it, and without a word when that is nothing', async () => {
  const changes = { plugins: {}, servers: [LEDGER], journal: { maxEntries: 3 } };
  const first = await startLogic(changes);
  await first.logic.stop(1_000);
  for (let i = 0; i < 10; i++) first.post('till-1', 'entry', { number: i });
  const second = await startLogic({ ...changes, after: first });
  await eventually('they were read', () => second.status('ledger').queued === 3);
  const caller = { server: 'ledger', authorization: undefined };
  const turns = await second.logic.servers.nextTurns(caller, { waitMs: 0, max: 10 }).turns;
  expect(turns.map(({ event, lost }) => [event, lost])).toEqual([
    [expect.objectContaining({ data: { number: 7 } }), 7],
    [expect.objectContaining({ data: { number: 8 } }), undefined],
    [expect.objectContaining({ data: { number: 9 } }), undefined],
  ]);
  expect(turns.map((turn) => 'lost' in turn)).toEqual([true, false, false]);
});

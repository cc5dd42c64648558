import { resolve } from 'node:path';
import { afterEach, expect, it } from '@jest/globals';
import { endSpawned } from '../cli/support/spawned.js';
import { eventually } from '../support/eventually.js';
import { HubFolder, HubProcess } from '../support/hub-process.js';

let folder: HubFolder | undefined;
afterEach(async () => {
  await endSpawned();
  await folder?.remove();
});

/** How many answers a hub gives before it is killed, in each life. */
const KILLED_AFTER = [3, 17, 40];
const EVENTS_A_LIFE = 60;

/** Posts an event. @returns true: the hub has taken it; false: it was killed meanwhile, and may have taken it */
async function post({ url }: HubProcess, device: string, type: string, body: object): Promise<boolean> {
  const request = { method: 'POST', body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' } };
  try {
    return (await fetch(`${url}/v1/devices/${device}/events/${type}`, request)).status === 202;
  } catch {
    return false;
  }
}

/** Messages in each channel that begins with `prefix`: `ledger/entries/7` → 1. */
async function messagesIn({ adminUrl }: HubProcess, prefix: string): Promise<Map<string, number>> {
  const answer = await fetch(`${adminUrl}/admin/channels?limit=1000&prefix=${encodeURIComponent(prefix)}`);
  const { channels } = (await answer.json()) as { channels: { id: string; messages: number }[] };
  // A channel is made before the commit of its first message.
  const used = channels.filter(({ messages }) => messages > 0);
  return new Map(used.map(({ id, messages }) => [id.slice(prefix.length), messages]));
}

it('A hub on disk that is killed again and again does each turn once: messages, state and timers', async () => {
  folder = await HubFolder.make(`plugins: { ledger: { from: '${resolve('test/e2e/plugins/ledger')}' } }\n`);
  const taken: string[] = [];
  let number = 0;
  for (const killAfter of KILLED_AFTER) {
    const hub = await HubProcess.start(folder.configuration);
    let answers = 0;
    let killed: Promise<void> | undefined;
    const posts = Array.from({ length: EVENTS_A_LIFE }, async () => {
      const mine = ++number;
      const isTaken = await post(hub, `till-${mine % 7}`, 'entry', { number: mine });
      if (isTaken) taken.push(String(mine));
      if (isTaken && ++answers === killAfter) killed = hub.kill();
    });
    await Promise.all(posts);
    await killed;
  }
  expect(taken.length).toBeGreaterThanOrEqual(KILLED_AFTER.reduce((sum, count) => sum + count));

  const hub = await HubProcess.start(folder.configuration);
  await eventually('every event that was taken, or stored before a kill, is entered, also by its timer', async () => {
    const [entries, later] = [await messagesIn(hub, 'ledger/entries/'), await messagesIn(hub, 'ledger/later/')];
    return taken.every((each) => later.has(each)) && entries.size === later.size;
  });
  const entries = await messagesIn(hub, 'ledger/entries/');
  const later = await messagesIn(hub, 'ledger/later/');
  expect([...entries.values(), ...later.values()].filter((count) => count !== 1)).toEqual([]);
  expect([...later.keys()].sort()).toEqual([...entries.keys()].sort());
  await post(hub, 'till-0', 'audit', {});
  await eventually('the count is told', async () => (await messagesIn(hub, 'ledger/count')).get('') === 1);
  const answer = await fetch(`${hub.adminUrl}/admin/channels/ledger%2Fcount/messages`);
  const { messages } = (await answer.json()) as { messages: { body: string }[] };
  expect(JSON.parse(messages[0]?.body ?? '')).toEqual({ count: entries.size });
  await hub.stop();
}, 120_000);

import { afterEach, expect, it } from '@jest/globals';
import { endSpawned } from '../cli/support/spawned.js';
import { HubFolder, HubProcess } from '../support/hub-process.js';
import { LogicClient } from './support/logic-client.js';

let folder: HubFolder | undefined;
afterEach(async () => {
  await endSpawned();
  await folder?.remove();
});

const YAML = `
plugins: { thermostat: { enabled: off } }
logic_servers:
  ledger:
    events: [devices/+/events/entry]
    grants: { publish: ['ledger/#'] }
    lease: 1h
`;
const EVENTS = 30;

async function post({ url }: HubProcess, number: number): Promise<void> {
  const request = { method: 'POST', body: JSON.stringify({ number }) };
  expect((await fetch(`${url}/v1/devices/till-${number % 5}/events/entry`, request)).status).toBe(202);
}

function entryOf(turn: { readonly event?: object }): number {
  return (turn.event as { data: { number: number } }).data.number;
}

/** Messages in each channel `ledger/NUMBER`. */
async function entered({ adminUrl }: HubProcess): Promise<Map<number, number>> {
  const answer = await fetch(`${adminUrl}/admin/channels?limit=1000&prefix=ledger%2F`);
  const { channels } = (await answer.json()) as { channels: { id: string; messages: number }[] };
  const used = channels.filter(({ messages }) => messages > 0);
  return new Map(used.map(({ id, messages }) => [Number(id.slice('ledger/'.length)), messages]));
}

const enter = (turn: { readonly event?: object }) => ({
  messages: [{ channel: `ledger/${entryOf(turn)}`, body: entryOf(turn) }],
  state: [{ key: 'all', name: String(entryOf(turn)), value: 1 }],
});

it('A hub that is killed while turns are out hands them out again, and each is done once', async () => {
  folder = await HubFolder.make(YAML);
  let hub = await HubProcess.start(folder.configuration);
  for (let i = 0; i < EVENTS; i++) await post(hub, i);
  // It is killed with turns that are out, behind answers that were told, and in the middle of one.
  for (const answers of [0, 2, 4]) {
    const client = new LogicClient(hub.adminUrl, 'ledger');
    const turns = await client.next('wait=10&max=5');
    expect(turns).toHaveLength(5);
    for (const turn of turns.slice(0, answers)) expect((await client.answer(turn, enter(turn))).status).toBe(204);
    const broken = client.answer(turns[answers] as (typeof turns)[number], enter(turns[answers] ?? {})).catch(() => {});
    await hub.kill();
    await broken;
    hub = await HubProcess.start(folder.configuration);
    const late = await new LogicClient(hub.adminUrl, 'ledger').answer(turns[4] as (typeof turns)[number], {});
    expect([late.status, late.json.code]).toEqual([404, 'turn_not_found']);
  }
  const client = new LogicClient(hub.adminUrl, 'ledger');
  await client.work(enter, 'wait=1&max=5');
  expect(await entered(hub)).toEqual(new Map(Array.from({ length: EVENTS }, (_, i) => [i, 1])));
  await hub.stop();
}, 120_000);

import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { NewMessage } from '../../../src/engine/message-log.js';
import { closeRawClients } from '../../support/raw-client.js';
import { type Door, openDoor } from './support/doors.js';
import { type Conversation, conversation, THIS_SECOND } from './support/generated-requests.js';

const REQUESTS = 10_000;
const PATIENCE_MS = 5_000;
/** To run a failed series again: the seed that it printed. */
const SEED = Number(process.env.SIGNALBOX_TEST_SEED ?? Date.now() % 2 ** 31);

const LOCATIONS = `
locations:
  - { path: /pub, channel: $arg_id, publisher: on, message_buffer_length: 20 }
  - { path: /sub, channel: $arg_id, subscriber: on, defaultType: text/plain }
  - { path: /interval, channel: $arg_id, subscriber: interval-poll }
  - { path: /first, channel: $arg_id, subscriber: on, subscriber_concurrency: first, delete_oldest_received_message: on }
  - { path: /gzip, channel: $arg_id, subscriber: interval-poll, gzip: on }
plugins: {}
`;

let doors: readonly [lane: Door, fastify: Door];

beforeAll(async () => {
  doors = [await openDoor(LOCATIONS, true), await openDoor(LOCATIONS, false)];
});
afterEach(closeRawClients);
afterAll(() => Promise.all(doors.map(({ hub }) => hub.stop())));

it(`give the same bytes for ${REQUESTS} generated requests`, async () => {
  process.stderr.write(`Requests are generated from SIGNALBOX_TEST_SEED=${SEED}.\n`);
  let sent = 0;
  const agree = fc.asyncProperty(conversation, async (said) => {
    sent += said.requests.length;
    await expectSame(said);
  });
  while (sent < REQUESTS) {
    await fc.assert(agree, { seed: SEED + sent, numRuns: 100, interruptAfterTimeLimit: 90_000 });
  }
  const { servedByFastLane } = await doors[0].hub.doorStats();
  expect(servedByFastLane).toBeGreaterThan(REQUESTS / 5);
}, 120_000);

async function expectSame({ writes }: Conversation): Promise<void> {
  // Each conversation has a second of its own, so that tags begin at 0 and dates of another one never match.
  for (const { clock } of doors) clock.advance(1_000);
  const [lane, fastify] = await Promise.all(doors.map((door) => outcomeOf(door, writes)));
  if (lane === fastify) return;
  throw new Error(
    `The doors differ.\nsent:      ${JSON.stringify(writes)}\nfast lane: ${JSON.stringify(lane)}\nFastify:   ${JSON.stringify(fastify)}`,
  );
}

/** Polls find something, for one that waits keeps all that is behind it from being served. */
const stored: NewMessage = {
  body: Buffer.from('stored before'),
  contentType: null,
  expiresAt: Number.POSITIVE_INFINITY,
  store: true,
  keepAtMost: 20,
  keepAtLeast: 1,
};

/** What a door answered, and the messages that it stored. */
async function outcomeOf(door: Door, writes: readonly string[]): Promise<string> {
  for (const id of ['a', 'a', 'b']) door.hub.channels.open(id).publish(stored);
  const now = new Date(door.clock.now()).toUTCString();
  const answers = await answersTo(
    door,
    writes.map((write) => write.replaceAll(THIS_SECOND, now)),
  );
  const { channels } = door.hub;
  const ids = channels.list({ limit: 100 }).map(({ key }) => key);
  const kept = await Promise.all(ids.map(async (id) => [id, await door.stored(id)]));
  for (const id of ids) channels.delete(id);
  return `${answers}\n${JSON.stringify(kept)}`;
}

/** All that a door answers to these writes, the client ending its side behind them. */
async function answersTo(door: Door, writes: readonly string[]): Promise<string> {
  const client = await door.connect();
  for (const write of writes) await client.sent(write);
  client.endSending();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve(`${client.unread}<and the connection stays open>`), PATIENCE_MS);
  });
  const answers = await Promise.race([client.end(), late]);
  clearTimeout(timer);
  client.close();
  // An id of a command is random; that is all that may differ.
  return answers.replace(/"id":"[0-9A-HJKMNP-TV-Z]{26}"/g, '"id":"ULID"');
}

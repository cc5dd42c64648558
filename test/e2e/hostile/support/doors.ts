import { afterAll, afterEach, beforeAll, describe } from '@jest/globals';
import { BEFORE_ALL } from '../../../../src/engine/position.js';
import { ManualClock } from '../../../support/manual-clock.js';
import { closeRawClients, RawClient } from '../../../support/raw-client.js';
import { startTestHub, type TestHub } from '../../../support/start-hub.js';

/** A hub behind one of its doors, for all tests of a `describe`; each test uses channels of its own. */
export interface Door {
  readonly hub: TestHub;
  readonly clock: ManualClock;
  /** false: Node's parser reads every request */
  readonly fastLane: boolean;
  connect(): Promise<RawClient>;
  /** polls that wait on a channel */
  parked(id: string): number;
  /** bodies of the messages stored on a channel; undefined when there is no such channel */
  stored(id: string): Promise<string[] | undefined>;
}

/** Runs the tests of `tell` twice: with the fast lane, and with Node's parser alone. */
export function atEachDoor(what: string, yaml: string, tell: (door: () => Door) => void): void {
  describe.each([
    ['the fast lane', true],
    ['Fastify', false],
  ] as const)(`${what}, at %s`, (_name, fastLane) => {
    let door: Door;
    beforeAll(async () => {
      door = await openDoor(yaml, fastLane);
    });
    afterEach(closeRawClients);
    afterAll(() => door.hub.stop());
    tell(() => door);
  });
}

/** @param yaml the configuration */
export async function openDoor(yaml: string, fastLane: boolean): Promise<Door> {
  const clock = new ManualClock();
  const hub = await startTestHub({ yaml, clock, fastLane });
  return {
    hub,
    clock,
    fastLane,
    connect: () => RawClient.connect(hub),
    parked: (id) => hub.channels.find(id)?.polls.size ?? 0,
    stored: (id) => storedIn(hub, id),
  };
}

async function storedIn(hub: TestHub, id: string): Promise<string[] | undefined> {
  const messages = await hub.channels.find(id)?.log.read(BEFORE_ALL, 1_000);
  return messages?.map(({ body }) => body.toString('latin1'));
}

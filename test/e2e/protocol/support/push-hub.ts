import { afterEach, beforeEach, describe, expect } from '@jest/globals';
import { eventually } from '../../../support/eventually.js';
import { ManualClock } from '../../../support/manual-clock.js';
import { closeRawClients, RawClient, type RawResponse } from '../../../support/raw-client.js';
import { startTestHub, type TestHub } from '../../../support/start-hub.js';
import { get, type Lines, post } from './requests.js';

/** A request's bytes. */
type Request = string | Buffer;

/**
 * A hub in virtual time behind one of its doors. It counts what it sends: a *hot* request has the shape that the fast
 * lane serves, a *cold* one begins a connection that the lane hands over. Afterwards `checkDoor` compares the counts with
 * the door's own, so that no test passes at the wrong door.
 */
export class PushHub {
  private hot = 0;
  private cold = 0;

  private constructor(
    readonly hub: TestHub,
    readonly clock: ManualClock,
    private readonly fastLane: boolean,
  ) {}

  static async start(fastLane: boolean, yaml = ''): Promise<PushHub> {
    const clock = new ManualClock();
    return new PushHub(await startTestHub({ yaml, clock, fastLane }), clock, fastLane);
  }

  connect(): Promise<RawClient> {
    return RawClient.connect(this.hub);
  }

  /** Counts requests that are sent by hand. */
  count({ hot = 0, cold = 0 }: { hot?: number; cold?: number }): void {
    this.hot += hot;
    this.cold += cold;
  }

  /** Sends a request of the lane's shape on a connection of its own. */
  async ask(request: Request): Promise<RawResponse> {
    this.hot++;
    return this.once(request);
  }

  /** Sends a request that the lane does not serve on a connection of its own. */
  async askCold(request: Request, asked: { head?: boolean } = {}): Promise<RawResponse> {
    this.cold++;
    return this.once(request, asked);
  }

  publish(id: string, body: string | Buffer = '', lines: Lines = {}): Promise<RawResponse> {
    return this.ask(post(`/pub?id=${id}`, body, lines));
  }

  /** Publishes each body in turn, all on one connection. */
  async publishAll(id: string, bodies: readonly string[], path = '/pub'): Promise<void> {
    const client = await this.connect();
    client.send(...bodies.map((body) => post(`${path}?id=${id}`, body)));
    this.hot += bodies.length;
    for (const _body of bodies) expect((await client.response()).status).toBe(202);
    client.close();
  }

  poll(id: string, lines: Lines = {}): Promise<RawResponse> {
    return this.ask(get(`/sub?id=${id}`, lines));
  }

  info(id: string, accept = 'text/plain'): Promise<RawResponse> {
    return this.ask(get(`/pub?id=${id}`, { Accept: accept }));
  }

  /** Sends a poll that nothing answers yet, and waits until it is parked. */
  async park(id: string, request: Request = get(`/sub?id=${id}`)): Promise<RawClient> {
    const client = await this.connect();
    const before = this.parked(id);
    client.send(request);
    this.hot++;
    await this.parks(id, before + 1);
    return client;
  }

  /** Polls that wait on a channel, as the hub counts them. @param key with its group, see channelKey */
  parked(key: string): number {
    return this.hub.channels.find(key)?.polls.size ?? 0;
  }

  async parks(key: string, count: number): Promise<void> {
    await eventually(`${count} polls wait on ${key}, not ${this.parked(key)}`, () => this.parked(key) === count);
  }

  async checkDoor(): Promise<void> {
    const { servedByFastLane, handedOver } = await this.hub.doorStats();
    expect({ servedByFastLane, handedOver }).toEqual(
      this.fastLane ? { servedByFastLane: this.hot, handedOver: this.cold } : { servedByFastLane: 0, handedOver: 0 },
    );
  }

  private async once(request: Request, asked: { head?: boolean } = {}): Promise<RawResponse> {
    const client = await this.connect();
    client.send(request);
    const response = await client.response(asked);
    expect(client.unread).toBe('');
    client.close();
    return response;
  }
}

/** One hub for the tests of `tell`, at each of the two doors. `hub()` gives it, new for each test. */
export function atBothDoors(what: string, yaml: string, tell: (hub: () => PushHub) => void): void {
  describe.each([
    ['the fast lane', true],
    ['Fastify', false],
  ] as const)(`${what}, through %s`, (_door, fastLane) => {
    let running: PushHub | undefined;
    beforeEach(async () => {
      running = undefined;
      running = await PushHub.start(fastLane, yaml);
    });
    afterEach(async () => {
      try {
        await running?.checkDoor();
      } finally {
        closeRawClients();
        await running?.hub.stop();
      }
    });
    tell(() => running as PushHub);
  });
}

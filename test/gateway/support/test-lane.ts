import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import type { Exchange } from '../../../src/gateway/exchange.js';
import { FastLane } from '../../../src/gateway/fast-lane/fast-lane.js';
import type { LaneLimits, LaneServer } from '../../../src/gateway/fast-lane/lane.js';
import type { Route } from '../../../src/gateway/route.js';
import { ManualClock } from '../../support/manual-clock.js';
import { RawClient } from '../../support/raw-client.js';

/** A request as the lane served it, to be answered by the test. */
export interface Served {
  readonly exchange: Exchange;
  readonly method: string;
  readonly body: string;
}

const limits: LaneLimits = {
  maxHeadBytes: 1_000,
  headTimeoutMs: 10_000,
  bodyTimeoutMs: 30_000,
  keepAliveTimeoutMs: 75_000,
  maxPipelinedBytes: 500,
  sendTimeoutMs: 60_000,
};

/** A lane on a real socket whose requests the test answers. It serves targets that begin with `/lane`. */
export class TestLane {
  readonly clock = new ManualClock();
  readonly served: Served[] = [];
  /** what the lane gave away: the bytes that it had read */
  readonly handedOver: string[] = [];
  readonly lane: FastLane;
  private readonly listener: Server;
  private readonly sockets: Socket[] = [];

  private constructor() {
    this.lane = new FastLane(this.server(), limits, this.clock, (socket, taken) => {
      this.sockets.push(socket);
      this.handedOver.push(taken.toString('latin1'));
    });
    this.listener = createServer({ pauseOnConnect: true, allowHalfOpen: true, noDelay: true }, (socket) =>
      this.lane.accept(socket),
    );
  }

  static async start(): Promise<TestLane> {
    const made = new TestLane();
    made.listener.listen(0, '127.0.0.1');
    await once(made.listener, 'listening');
    return made;
  }

  connect(): Promise<RawClient> {
    return RawClient.connect({ host: '127.0.0.1', port: (this.listener.address() as AddressInfo).port });
  }

  async stop(): Promise<void> {
    const closed = once(this.listener, 'close');
    this.listener.close();
    this.lane.closeAll();
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }

  private server(): LaneServer {
    const route: Route = { kind: 'event', device: 'd', type: 't' };
    return {
      find: (target) => (target.startsWith('/lane') ? route : undefined),
      maxBodyBytes: () => 100_000,
      serve: (_route, exchange) => {
        this.served.push({
          exchange,
          method: exchange.method,
          body: exchange.bodyText ?? exchange.body.toString('latin1'),
        });
      },
      failure: (_route, error) => ({ status: 500, headers: [], body: String(error) }),
      noteFault: () => {},
    };
  }
}

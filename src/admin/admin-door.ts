import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { FaultLog } from '../channels/fault-log.js';
import { tellRefusedConnections } from '../channels/refused-connections.js';
import { ADMIN_LIMITS } from './admin-limits.js';

/** The application behind the door. */
interface Behind {
  /** Ends answers that have no end of their own. */
  endStreams(): void;
  close(): Promise<void>;
}

/** Where operators come in: listens, and stops without waiting for those who take no answer. */
export class AdminDoor {
  constructor(
    private readonly http: Server,
    private readonly behind: Behind,
    private readonly faults: FaultLog,
  ) {}

  /**
   * @returns where it listens, the port chosen by the system when 0 was asked for
   * @throws the system's error, EADDRINUSE and the like
   */
  async listen({ host, port }: { host: string; port: number }): Promise<{ host: string; port: number }> {
    this.http.listen({ host, port });
    await once(this.http, 'listening');
    const bound = { max: ADMIN_LIMITS.maxConnections, because: 'the admin API takes' };
    tellRefusedConnections(this.http, bound, this.faults, 'admin');
    const address = this.http.address() as AddressInfo;
    return { host: address.address, port: address.port };
  }

  /** Accepts nothing more, lets requests under way be answered for a moment, and closes what is left. */
  async stop(): Promise<void> {
    this.behind.endStreams();
    const closed = new Promise<void>((resolve) => this.http.close(() => resolve()));
    this.http.closeIdleConnections();
    const cut = setTimeout(() => this.http.closeAllConnections(), ADMIN_LIMITS.stopGraceMs);
    await closed;
    clearTimeout(cut);
    await this.behind.close();
  }
}

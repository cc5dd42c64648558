import { BenchFault } from '../bench-fault.js';
import type { Endpoint } from '../peers/peer.js';
import { Connection } from './connection.js';

/** What the admin API tells of a plugin, as far as the bench asks for it. */
export interface PluginFigures {
  readonly turns: number;
  readonly failed: number;
  readonly lost: number;
  readonly conflicts: number;
}

/** Asks how far a plugin is. */
export class PluginWatch {
  private constructor(
    private readonly connection: Connection,
    private readonly request: string,
    private readonly plugin: string,
  ) {}

  static async open(endpoint: Endpoint, plugin: string): Promise<PluginWatch> {
    const request = `GET /admin/plugins HTTP/1.1\r\nHost: ${endpoint.host}:${endpoint.port}\r\n\r\n`;
    return new PluginWatch(await Connection.open(endpoint, 0), request, plugin);
  }

  /** @throws BenchFault when the plugin does not run */
  async figures(): Promise<PluginFigures> {
    const body = await new Promise<string>((resolve) => {
      this.connection.send(this.request, (response) => resolve(response.body));
    });
    const { plugins } = JSON.parse(body) as {
      readonly plugins: readonly { name: string; state: string; reason: string | null; counters: PluginFigures }[];
    };
    const found = plugins.find(({ name }) => name === this.plugin);
    if (found?.state === 'running') return found.counters;
    throw new BenchFault(
      `The plugin "${this.plugin}" does not run: ${found?.reason ?? found?.state ?? 'it is not there'}`,
    );
  }

  close(): void {
    this.connection.close();
  }
}

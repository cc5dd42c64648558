import type { Channels } from '../../src/channels/channels.js';
import type { Clock } from '../../src/channels/clock.js';
import type { Commands } from '../../src/commands/commands.js';
import { parseConfig } from '../../src/config/load-config.js';
import { type RunningHub, startHub } from '../../src/hub.js';
import { checkLocations } from '../../src/locations/check-locations.js';
import { type Logger, silentLogger } from '../../src/telemetry/logger.js';

export interface TestHubOptions {
  /** configuration as in signalbox.yaml; the built-in one when left out */
  readonly yaml?: string;
  readonly clock?: Clock;
  /** where the hub logs; nowhere when left out */
  readonly logger?: Logger;
  /** false: every request goes through the Fastify door */
  readonly fastLane?: boolean;
  /** `memory` when left out; `lmdb` needs a folder */
  readonly engine?: 'lmdb' | 'memory';
  /** an existing folder, absolute */
  readonly data?: string;
  /** of the devices' door; 0, which the system chooses, when left out */
  readonly port?: number;
}

/** A hub on ports that the system chose. */
export interface TestHub {
  /** of the devices' door, `http://127.0.0.1:PORT` */
  readonly url: string;
  readonly adminUrl: string;
  readonly host: string;
  readonly port: number;
  readonly adminPort: number;
  readonly channels: Channels;
  readonly commands: Commands;
  readonly doorStats: RunningHub['doorStats'];
  stop(): Promise<void>;
}

/** Starts a hub for a test; the test stops it. */
export async function startTestHub(options: TestHubOptions = {}): Promise<TestHub> {
  const { yaml = '', clock, logger = silentLogger, fastLane = true, port: asked = 0, engine = 'memory' } = options;
  const overrides = { listen: `127.0.0.1:${asked}`, admin: '127.0.0.1:0' };
  const config = parseConfig(yaml, 'test.yaml', { overrides, checkLocations });
  const { data = config.data } = options;
  const hub = await startHub({ ...config, fastLane, engine, data }, { logger, ...(clock && { clock }) });
  const { host, port } = hub.publicAddress;
  const adminPort = hub.adminAddress.port;
  return {
    url: `http://${host}:${port}`,
    adminUrl: `http://${host}:${adminPort}`,
    host,
    port,
    adminPort,
    channels: hub.channels,
    commands: hub.commands,
    doorStats: hub.doorStats,
    stop: () => hub.stop(),
  };
}

import { logicFigures } from '../logic/logic-figures.js';
import { packageVersion } from '../telemetry/package-version.js';
import { processStats } from '../telemetry/process-stats.js';
import type { AdminParts } from './admin-parts.js';
import { instantText } from './channel-state.js';
import type { Stats } from './stats.dto.js';

/** Figures of the whole hub, gathered without looking through its channels. */
export class HubStats {
  private readonly version = packageVersion();
  private readonly startedAt: string;
  private readonly startedAtUptime: number;

  constructor(private readonly parts: AdminParts) {
    this.startedAt = instantText(parts.clock.now()) as string;
    this.startedAtUptime = parts.clock.uptime();
  }

  async now(): Promise<Stats> {
    const { channels, clock, commands, faults, fleet, jobs, limits, loop, plugins, readiness, diskStats, doorStats } =
      this.parts;
    const { channels: open, published, delivered, parkedPolls } = channels.totals();
    const { messages: stored, bytes, maxBytes } = channels.log.stats();
    return {
      version: this.version,
      node: process.version,
      startedAt: this.startedAt,
      uptimeSeconds: Math.floor((clock.uptime() - this.startedAtUptime) / 1000),
      state: readiness.state,
      faults: faults.total,
      channels: { open, limit: limits.maxChannels, subscribers: parkedPolls, published, delivered },
      messages: { stored, limit: limits.maxMessages, bytes, bytesLimit: maxBytes },
      disk: diskStats() ?? null,
      devices: { registered: fleet.size, limit: limits.maxDevices, ...fleet.presences },
      commands: { ended: commands.ended, endedLimit: limits.maxEndedCommands, queuesInMemory: commands.openQueues },
      jobs: { ...jobs.figures, limit: limits.maxRunningJobs, keptLimit: limits.maxJobs },
      logic: logicFigures(plugins.list()),
      door: {
        ...(await doorStats()),
        connectionsLimit: limits.maxConnections,
        receivingBytesLimit: limits.maxReceivingBytes,
      },
      eventLoop: loop.delay(),
      process: processStats(),
    };
  }
}

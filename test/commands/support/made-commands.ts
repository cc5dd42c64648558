import type { Channels } from '../../../src/channels/channels.js';
import { Commits } from '../../../src/channels/commits.js';
import { FaultLog } from '../../../src/channels/fault-log.js';
import type { CommandRules } from '../../../src/commands/command-rules.js';
import { Commands } from '../../../src/commands/commands.js';
import type { Engine } from '../../../src/engine/engine.js';
import { silentLogger } from '../../../src/telemetry/logger.js';

/** The rules of a hub without a configuration. */
export const defaultRules: CommandRules = {
  ...{ ttlMs: 3_600_000, timeoutMs: 30_000, leaseMs: 60_000, maxInFlight: 1, maxDeliveries: 10 },
  ...{ maxQueued: 1_000, maxQueuedBytes: 1_048_576, whenFull: 'reject' },
  ...{
    lateWindowMs: 86_400_000,
    retentionMs: 604_800_000,
    idempotencyMs: 600_000,
    maxEnded: 100_000,
    maxEndedOfDevice: 100,
  },
  ...{ maxJobs: 1_000, maxRunningJobs: 16, jobPauseMs: 604_800_000, maxJobDevices: 200_000 },
  ...{ outcomeBufferLength: 20, outcomeTimeoutMs: 3_600_000 },
};

/** Commands over an engine and its channels, for any device unless told otherwise; nothing lets time pass for them. */
export function madeCommands(
  engine: Engine,
  channels: Channels,
  changed: Partial<CommandRules> = {},
  checkReceiver: (device: string) => void = () => {},
): Commands {
  const { clock } = channels;
  const faults = new FaultLog(silentLogger, clock);
  return new Commands({
    commits: new Commits(engine, channels),
    clock,
    rules: { ...defaultRules, ...changed },
    faults,
    checkReceiver,
  });
}

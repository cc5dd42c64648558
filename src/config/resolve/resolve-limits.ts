import type { CommandConfig, DeviceConfig, HubLimits } from '../hub-config.js';
import type { DeviceKeys } from '../keys/device-keys.js';
import type { WrittenConfig } from '../written-config.js';
import { bytes, count, ms } from './resolve-values.js';

export function resolveLimits(config: WrittenConfig): HubLimits {
  const { keys } = config.limits;
  return {
    maxReservedMemory: bytes(keys.max_reserved_memory),
    maxDisk: bytes(keys.max_disk),
    maxMessages: count(keys.max_messages),
    maxChannels: count(keys.max_channels),
    journalLength: count(keys.journal_length),
    journalTimeoutMs: ms(keys.journal_timeout),
    maxConnections: count(keys.max_connections),
    maxHeadBytes: bytes(keys.max_head_size),
    headTimeoutMs: ms(keys.head_timeout),
    bodyTimeoutMs: ms(keys.body_timeout),
    keepAliveTimeoutMs: ms(keys.keep_alive_timeout),
    maxReceivingBytes: bytes(keys.max_receiving_size),
    maxPipelinedBytes: bytes(keys.max_pipelined_size),
    sendTimeoutMs: ms(keys.send_timeout),
    stopTimeoutMs: ms(keys.stop_timeout),
  };
}

export function resolveDevices(keys: DeviceKeys): DeviceConfig {
  return {
    registration: keys.registration as DeviceConfig['registration'],
    maxDevices: count(keys.max_devices),
    maxEventBytes: bytes(keys.max_event_size),
    eventBufferLength: count(keys.event_buffer_length),
    eventTimeoutMs: ms(keys.event_timeout),
    eventDurability: keys.event_durability as DeviceConfig['eventDurability'],
    commands: resolveCommands(keys),
    pollTimeoutMs: ms(keys.poll_timeout),
    maxPollTimeoutMs: ms(keys.max_poll_timeout),
  };
}

function resolveCommands(keys: DeviceKeys): CommandConfig {
  return {
    maxQueued: count(keys.command_buffer_length),
    maxQueuedBytes: bytes(keys.command_buffer_size),
    whenFull: keys.command_buffer_full as CommandConfig['whenFull'],
    ttlMs: ms(keys.command_ttl),
    leaseMs: ms(keys.command_lease),
    maxDeliveries: count(keys.max_deliveries),
    maxInFlight: count(keys.max_in_flight),
    timeoutMs: ms(keys.result_timeout),
    lateWindowMs: ms(keys.late_window),
    retentionMs: ms(keys.command_retention),
    maxEnded: count(keys.max_ended_commands),
    maxEndedOfDevice: count(keys.ended_buffer_length),
    idempotencyMs: ms(keys.idempotency_window),
    maxJobs: count(keys.max_jobs),
    maxRunningJobs: count(keys.max_running_jobs),
    jobPauseMs: ms(keys.max_job_pause),
    maxJobDevices: count(keys.max_job_devices),
    outcomeBufferLength: count(keys.outcome_buffer_length),
    outcomeTimeoutMs: ms(keys.outcome_timeout),
  };
}

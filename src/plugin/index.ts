/**
 * `signalbox/plugin`: all that a logic server needs of the hub. It loads without the hub; docs/plugins.md tells how to
 * write one.
 */
import 'reflect-metadata';

export type { Logger } from '../telemetry/logger.js';
export type { DeviceEvent } from './device-event.js';
export { type CommandEmission, command, type Emission, type MessageEmission, message } from './emission.js';
export type { LogicClock } from './logic-clock.js';
export { LogicServer } from './logic-server.js';
export type {
  CommandGrant,
  Grants,
  JobGrant,
  LogicServerOptions,
  RetryOptions,
  RunOptions,
} from './logic-server-options.js';
export { OnEvent } from './on-event.js';
export { OnOutbox, type OutboxItem } from './on-outbox.js';
export { type CommandOutcome, OnOutcome } from './on-outcome.js';
export { OnTimer, type Timer } from './on-timer.js';
export { Pipeline } from './pipeline.js';
export type {
  JobDevices,
  MessageOptions,
  StateEntries,
  TimerOptions,
  Turn,
  TurnCommandOptions,
  TurnJobOptions,
  TurnOutbox,
  TurnState,
  TurnTimers,
} from './turn.js';

import type { Command, Report } from '../../commands/life/command.js';

/** A command as a device got it. */
export interface ReceivedCommand {
  readonly id: string;
  readonly name: string;
  readonly params: unknown;
  /** 1 when it was handed out for the first time */
  readonly attempt: number;
  readonly lane: string;
  readonly priority: number;
  readonly key: string | undefined;
  /** what the hub wants to hear at least */
  readonly ack: Command['ack'];
  /** unix ms, of the hub's time */
  readonly receivedAt: number;
}

/** What a device makes of a command; it may wait: what it waits with passes in the hub's time. */
export type CommandAnswer = (command: ReceivedCommand) => Report | undefined | Promise<Report | undefined>;

/** A command as it was handed out, and the lock to report under. */
export interface HandedCommand {
  readonly command: Command;
  readonly lock: string;
}

export function receivedCommand({ command }: HandedCommand, receivedAt: number): ReceivedCommand {
  const { id, name, attempt, lane, priority, key, ack } = command;
  return { id, name, params: JSON.parse(command.paramsJson), attempt, lane, priority, key, ack, receivedAt };
}

import type { MessageOptions } from './turn.js';

/** What a pipeline gives out: made by `command` and `message`. */
export type Emission = CommandEmission | MessageEmission;

export interface CommandEmission {
  readonly kind: 'command';
  readonly device: string;
  readonly name: string;
  readonly params: unknown;
}

export interface MessageEmission {
  readonly kind: 'message';
  readonly channel: string;
  readonly body: unknown;
  readonly options: MessageOptions;
}

/** A command for a device, to be given out by a pipeline. The same as `turn.command`. */
export function command(device: string, name: string, params: unknown = {}): CommandEmission {
  return { kind: 'command', device, name, params };
}

/** A message for a channel, to be given out by a pipeline. The same as `turn.publish`. */
export function message(channel: string, body: unknown, options: MessageOptions = {}): MessageEmission {
  return { kind: 'message', channel, body, options };
}

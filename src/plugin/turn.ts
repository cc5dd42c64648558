import type { Logger } from '../telemetry/logger.js';

export interface MessageOptions {
  /** `application/json` by default for what is written as JSON, `text/plain` for text, none for bytes */
  readonly contentType?: string;
}

/**
 * One call of a handler. What it asks for is collected, and done together once the handler has returned or its promise
 * has resolved. A handler that throws, rejects or is given up has asked for nothing.
 */
export interface Turn {
  /**
   * Sends a command to a device.
   * @param params anything that JSON can say, as it is at the time of the call
   * @throws HubError `invalid_device_id`, `invalid_payload`; `turn_limit`, `turn_over`
   */
  command(device: string, name: string, params?: unknown): void;
  /**
   * Publishes a message.
   * @param channel its id, without a group. Commands are not published but sent, with `command`
   * @param body text and bytes go as they are, all else as JSON, as it is at the time of the call
   * @throws HubError `invalid_payload`; `turn_limit`, `turn_over`
   */
  publish(channel: string, body: unknown, options?: MessageOptions): void;
  /** Writes to the hub's log, with the plugin, the handler and the device beside the facts given. */
  readonly log: Logger;
}

import { formatPosition } from '../../engine/position.js';
import type { DeviceEvent } from '../../plugin/device-event.js';
import type { QueuedEvent } from './queued-event.js';

/** An event as plugins see it: what costs something is made when it is asked for. */
export class ReceivedEvent implements DeviceEvent<unknown> {
  readonly device: string;
  readonly type: string;
  readonly channel: string;
  readonly #message: QueuedEvent['message'];

  constructor(
    { device, type, channel, message }: QueuedEvent,
    readonly data: unknown,
  ) {
    this.device = device;
    this.type = type;
    this.channel = channel;
    this.#message = message;
  }

  get position(): string {
    return formatPosition(this.#message.position);
  }

  get publishedAt(): number {
    return this.#message.publishedAt;
  }
}

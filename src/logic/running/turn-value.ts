import { eventSourceOf } from '../../devices/device-id.js';
import { formatPosition } from '../../engine/position.js';
import type { DeviceEvent } from '../../plugin/device-event.js';
import type { PlainClass } from '../../plugin/logic-server-options.js';
import type { OutboxItem } from '../../plugin/on-outbox.js';
import type { Timer } from '../../plugin/on-timer.js';
import type { CalledJob } from './job.js';
import { type Payload, readPayload } from './read-payload.js';
import { type MessageInput, outcomeIn } from './turn-input.js';

/** What a job's handler is called with, or what is wrong with its payload. @param payload the class of an event's */
export function valueFor({ input, failures }: CalledJob, payload: PlainClass | undefined): Payload {
  switch (input.kind) {
    case 'event': {
      const read = readPayload(input.body, payload);
      return read.isValid ? { isValid: true, data: new ReceivedEvent(input, read.data) } : read;
    }
    case 'outcome':
      return { isValid: true, data: outcomeIn(input) };
    case 'timer': {
      const { name, key, data, dueAt, missed } = input;
      return { isValid: true, data: { name, key, data, dueAt, missed } satisfies Timer };
    }
    case 'outbox': {
      const { id, name, key, data } = input;
      return { isValid: true, data: { id, name, key, data, attempt: failures + 1 } satisfies OutboxItem };
    }
  }
}

/** An event as plugins see it: what costs something is made when it is asked for. */
export class ReceivedEvent implements DeviceEvent<unknown> {
  readonly device: string;
  readonly type: string;
  readonly channel: string;
  readonly publishedAt: number;
  readonly #position: MessageInput['position'];

  constructor(
    { channel, position, publishedAt }: Pick<MessageInput, 'channel' | 'position' | 'publishedAt'>,
    readonly data: unknown,
  ) {
    const { device, type } = eventSourceOf(channel) ?? { device: '', type: '' };
    this.device = device;
    this.type = type;
    this.channel = channel;
    this.publishedAt = publishedAt;
    this.#position = position;
  }

  get position(): string {
    return formatPosition(this.#position);
  }
}

import type { Publication } from '../channels/channel.js';
import type { Channels } from '../channels/channels.js';
import type { MaybePromise } from '../engine/message-log.js';
import { checkDeviceId, checkEventType, eventChannel } from './device-id.js';
import { type DeviceEventOptions, type EventContent, eventDraft } from './event-draft.js';
import type { Registry } from './registry/registry.js';

/** Takes what devices report: each event is a message on its device's channel of its type. */
export class DeviceEvents {
  constructor(
    private readonly channels: Channels,
    private readonly registry: Registry,
    private readonly options: DeviceEventOptions,
  ) {}

  /**
   * Stores an event and sends it to whoever watches.
   * @throws HubError `invalid_device_id`, `invalid_event_type`, `device_not_found`, `device_gone`,
   * `device_limit`, `channel_limit`; EngineError `log_full`
   */
  record(device: string, type: string, content: EventContent): MaybePromise<Publication> {
    const name = eventChannel(checkDeviceId(device), checkEventType(type));
    this.registry.asking(device).contacted();
    const channel = this.channels.open(name);
    return channel.publish(eventDraft(content, this.channels.clock.now(), this.options));
  }
}

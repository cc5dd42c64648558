import type { Publication } from '../channels/channel.js';
import type { Channels } from '../channels/channels.js';
import { isPromise } from '../channels/maybe-promise.js';
import type { MaybePromise } from '../engine/message-log.js';
import { type DeviceEventOptions, eventDraft } from './device-events.js';
import { eventChannel } from './device-id.js';
import type { PresenceChange } from './fleet.js';
import type { PresenceState } from './presence.js';

/** The event type that tells of a device's presence. Devices cannot post it: `$` is not allowed in theirs. */
export const PRESENCE = '$presence';

/** The data of a presence event. Times are ISO 8601. */
export interface PresenceNews {
  readonly presence: PresenceState;
  readonly was: PresenceState;
  /** null: never since the hub started */
  readonly lastContact: string | null;
  /** when a command can reach it at the latest; null when that cannot be said */
  readonly nextContactBy: string | null;
}

/** Tells changes of presence as events on `devices/{id}/events/$presence`. */
export class PresenceEvents {
  constructor(
    private readonly channels: Channels,
    private readonly options: DeviceEventOptions,
    /** what an event that could not be stored is told to */
    private readonly onFault: (error: unknown) => void,
  ) {}

  tell(change: PresenceChange): void {
    try {
      const published = this.publish(change);
      if (isPromise(published)) published.catch(this.onFault);
    } catch (error) {
      // The device has nothing to do with it: its poll or event goes on.
      this.onFault(error);
    }
  }

  private publish({ device, was }: PresenceChange): MaybePromise<Publication> {
    const news: PresenceNews = {
      presence: device.presence.state,
      was: was.state,
      lastContact: iso(device.lastContactAt),
      nextContactBy: iso(device.nextContactBy),
    };
    const draft = eventDraft(
      Buffer.from(JSON.stringify(news)),
      'application/json',
      this.channels.clock.now(),
      this.options,
    );
    return this.channels.open(eventChannel(device.id, PRESENCE)).publish(draft);
  }
}

function iso(unixMs: number | undefined): string | null {
  return unixMs === undefined ? null : new Date(unixMs).toISOString();
}

import type { ChannelName } from '../../channels/channel-key.js';
import { desiredChannel } from '../../devices/desired-states.js';
import { eventSourceOf } from '../../devices/device-id.js';
import { readCause } from '../cause.js';
import { isOutcomeChannel } from '../journal/ended-outcome.js';
import { tellCause } from './told-cause.js';

const OUTSIDE = 'Somebody outside of the hub published it, at a publisher location.';

/**
 * Who published a message, in a sentence, as far as the hub knows: what its cause says, or else who publishes on such a
 * channel without leaving one.
 * @param json the message's cause
 */
export function tellPublisher({ group, id }: ChannelName, json: string | undefined): string {
  const cause = readCause(json);
  if (!cause) return group === '' ? tellUsual(id) : OUTSIDE;
  if ('plugin' in cause) return tellCause(cause);
  return cause.from === 'admin'
    ? 'An operator published it by the admin API.'
    : `Somebody outside of the hub published it, at the publisher location "${cause.location}".`;
}

function tellUsual(id: string): string {
  const source = eventSourceOf(id);
  if (source) return source.type.startsWith('$') ? tellPresence(source.device) : tellEvent(source.device, source.type);
  const [room, name = '', what] = id.split('/');
  if (isOutcomeChannel(id)) return `The hub published it, to tell what became of a command of device "${name}".`;
  if (room === 'devices' && id === desiredChannel(name)) {
    return `The hub published it, for the desired state of device "${name}" was set.`;
  }
  if (room === 'jobs' && what === 'progress') return `The hub published it, to tell how far the job ${name} is.`;
  return OUTSIDE;
}

function tellPresence(device: string): string {
  return `The hub published it, for the presence of device "${device}" changed.`;
}

function tellEvent(device: string, type: string): string {
  return `Device "${device}" reported it, by POST to /v1/devices/${device}/events/${type} or in a batch.`;
}

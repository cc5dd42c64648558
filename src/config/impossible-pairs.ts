import type { Fault } from './fault.js';
import type { Endpoint } from './hub-config.js';
import { faultAt } from './sources/entry.js';
import { collide, parseEndpoint } from './units/endpoint.js';
import { parseCount, parseSwitch } from './units/plain-values.js';
import { parseSize } from './units/size.js';
import type { WrittenConfig, WrittenLocation } from './written-config.js';
import type { WrittenLogicServer } from './written-logic-server.js';
import type { WrittenSection } from './written-section.js';

/** What is wrong although each value by itself is right. Values that are wrong were told, and are left out here. */
export function impossiblePairs(config: WrittenConfig): readonly Fault[] {
  return [
    ...sameListenAddress(config),
    ...nameOfPlugin(config),
    ...neverReceived(config, config.devices, 'max_event_size'),
    ...[...config.logicServers.values()].flatMap(nothingToDo),
    ...config.locations.flatMap((location) => [
      ...noRole(location),
      ...noName(location),
      ...queueSetUpAsChannel(location),
      ...lengthSetTwice(location),
      ...leastAboveMost(location),
      ...neverReceived(config, location, 'maxBodySize'),
    ]),
  ];
}

function sameListenAddress({ top }: WrittenConfig): Fault[] {
  const { listen, admin } = top.keys;
  const second = top.entries.get('admin') ?? top.entries.get('listen');
  if (!second || top.faulty.has('listen') || top.faulty.has('admin')) return [];
  if (!collide(parseEndpoint(listen) as Endpoint, parseEndpoint(admin) as Endpoint)) return [];
  const allowed = `listen is ${listen} and admin is ${admin}; two different ports are needed, or 0 for any free one.`;
  return [faultAt(second, allowed)];
}

/** A body that is allowed, and larger than all bodies together may be, would be refused whenever it comes. */
function neverReceived<Key extends string>(
  { limits }: WrittenConfig,
  { entries, faulty }: WrittenSection<{ [key in Key]: unknown }>,
  key: Key,
): Fault[] {
  const entry = entries.get(key);
  if (!entry || faulty.has(key) || limits.faulty.has('max_receiving_size')) return [];
  const { max_receiving_size: most } = limits.keys;
  if ((parseSize(entry.value) as number) <= (parseSize(most) as number)) return [];
  const source = limits.entries.has('max_receiving_size') ? '' : ' by default';
  return [faultAt(entry, `limits.max_receiving_size is ${most}${source}; at most that is allowed.`)];
}

/** What both keep is kept by name. */
function nameOfPlugin({ logicServers, plugins }: WrittenConfig): Fault[] {
  const twice = [...logicServers].filter(([name]) => plugins.has(name));
  return twice.map(([name, { entry }]) => faultAt(entry, `There is a plugin "${name}" too; two names are needed.`));
}

function nothingToDo({ entry, lists, faulty }: WrittenLogicServer): Fault[] {
  const isGivenSomething = GIVEN.some((key) => lists[key].length > 0 || faulty.has(key));
  // What is no mapping was told so.
  if (isGivenSomething || (!entry.members && entry.value !== null)) return [];
  return [faultAt(entry, 'A logic server has events or outcomes, else it is given nothing to do.')];
}

const GIVEN = ['events', 'outcomes'] as const;

function noRole({ entry, keys, faulty }: WrittenLocation): Fault[] {
  if (!entry || faulty.has('publisher') || faulty.has('subscriber')) return [];
  if (parseSwitch(keys.publisher) || parseSwitch(keys.subscriber) !== false) return [];
  const allowed = 'A location needs a role: publisher: on, subscriber: on, long-poll or interval-poll, or both roles.';
  return [{ ...faultAt(entry, allowed), value: undefined }];
}

function noName({ entry, keys, entries, faulty }: WrittenLocation): Fault[] {
  if (!entry || faulty.has('channel') || faulty.has('commands')) return [];
  const second = entries.get('commands');
  if (keys.channel !== undefined && second)
    return [faultAt(second, 'channel stands here too; write one or the other.')];
  if (keys.channel !== undefined || second) return [];
  const allowed = 'It is missing. A location has channel: TEMPLATE, or commands: TEMPLATE for the queue of a device.';
  return [{ ...faultAt(entry, allowed), key: `${entry.key}.channel`, value: undefined }];
}

/** A queue is read by its device and has its settings under `devices`. */
function queueSetUpAsChannel({ keys, entries, faulty }: WrittenLocation): Fault[] {
  const commands = entries.get('commands');
  if (!commands) return [];
  const publisher = entries.get('publisher');
  const group = entries.get('channel_group');
  const isPublisher = publisher && !faulty.has('publisher') && parseSwitch(keys.publisher);
  return [
    ...(isPublisher ? [faultAt(publisher, 'commands: is for subscribers; send by POST /v1/devices/ID/commands.')] : []),
    ...(group ? [faultAt(group, 'commands: names a device, which is in no group.')] : []),
  ];
}

function lengthSetTwice({ entries }: WrittenLocation): Fault[] {
  const both = entries.get('message_buffer_length');
  const others = ['min_message_buffer_length', 'max_message_buffer_length'].filter((name) => entries.has(name));
  if (!both || others.length === 0) return [];
  return [
    faultAt(
      both,
      `It sets the least and the most, and ${others.join(' and ')} stands here too; write one or the other.`,
    ),
  ];
}

function leastAboveMost({ keys, entries, faulty }: WrittenLocation): Fault[] {
  const least = entries.get('min_message_buffer_length');
  if (!least || faulty.has('min_message_buffer_length') || faulty.has('max_message_buffer_length')) return [];
  const most = parseCount(keys.max_message_buffer_length) as number;
  if ((parseCount(least.value) as number) <= most) return [];
  const source = entries.has('max_message_buffer_length') ? '' : ' by default';
  return [faultAt(least, `max_message_buffer_length is ${most}${source}; at most that is allowed.`)];
}

import type { LogicPlace } from './logic-place.js';
import { BUFFER_LENGTH, type Durability, type Endpoint, type EngineName } from './peer.js';

/** The name in `logic_servers` that the thermostat in a process of its own takes its turns by. */
export const LOGIC_SERVER = 'heating';

export interface SignalboxSettings {
  readonly endpoint: Endpoint;
  readonly admin: Endpoint;
  /** for its data */
  readonly folder: string;
  readonly fastLane: boolean;
  readonly engine: EngineName;
  readonly durability: Durability;
  readonly logic: LogicPlace;
  /** the folder of the plugin `counter`; undefined: the thermostat has the events */
  readonly counter: string | undefined;
}

/** A signalbox.yaml whose memory is for what Nchan's configuration has as well; everything else is as it comes. */
export function signalboxConfiguration(settings: SignalboxSettings): string {
  const { endpoint, admin, folder, fastLane, engine, durability } = settings;
  const publisher = `publisher: true, message_buffer_length: ${BUFFER_LENGTH}, message_timeout: 2h`;
  return `
listen: ${endpoint.host}:${endpoint.port}
admin: ${admin.host}:${admin.port}
engine: ${engine}
data: ${folder}/data
fast_lane: ${fastLane ? 'on' : 'off'}
limits: { max_reserved_memory: 512M }
locations:
  - { path: /pub, channel: $arg_id, ${publisher}, durability: ${durability} }
  - { path: /sub, channel: $arg_id, subscriber: long-poll }
devices: { event_durability: ${durability} }
${logicSection(settings)}
`;
}

function logicSection({ logic, counter }: SignalboxSettings): string {
  if (logic === 'external') return EXTERNAL;
  // Inline is what they are anyway, and an older build with --before need not know the key.
  const isolation = logic === 'worker' ? ', isolation: worker' : '';
  const plugin = counter === undefined ? 'thermostat: { enabled: on' : `counter: { enabled: on, from: ${counter}`;
  return `plugins: { ${plugin}${isolation} } }`;
}

/** The same events and grants as the plugin has. */
const EXTERNAL = `
plugins: { thermostat: { enabled: off } }
logic_servers:
  ${LOGIC_SERVER}:
    events: [devices/+/events/temperature]
    grants: { command: [{ device: '#', names: [fan.set] }], state: 64M }
`;

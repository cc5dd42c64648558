import type {
  CommandConfig,
  DeviceConfig,
  HubConfig,
  HubLimits,
  LocationConfig,
  LogicServerConfig,
  PluginConfig,
} from './hub-config.js';
import { formatDuration } from './units/duration.js';
import { formatEndpoint } from './units/endpoint.js';
import { formatSize } from './units/size.js';

type Row = readonly [key: string, value: string];

/** What the hub will do, line by line, with the keys and units of the file: for `signalbox check`. */
export function describeConfig(config: HubConfig): string {
  return [
    ...table('', [['configuration', config.file ?? 'the defaults; no file was read'], ...topRows(config)]),
    'limits',
    ...table('  ', limitRows(config.limits)),
    'devices',
    ...table('  ', deviceRows(config.devices)),
    config.locations.length === 0 ? 'locations: none' : 'locations',
    ...config.locations.flatMap(describeLocation),
    config.plugins.length === 0 ? 'plugins: none' : 'plugins',
    ...config.plugins.map(describePlugin),
    config.logicServers.length === 0 ? 'logic_servers: none' : 'logic_servers',
    ...config.logicServers.flatMap(describeLogicServer),
  ].join('\n');
}

function topRows({ listen, admin, engine, data, fastLane, logLevel, examples }: HubConfig): Row[] {
  return [
    ['listen', formatEndpoint(listen)],
    ['admin', formatEndpoint(admin)],
    ['engine', engine],
    ['data', data],
    ['fast_lane', onOff(fastLane)],
    ['log_level', logLevel],
    ['examples', onOff(examples)],
  ];
}

function limitRows(limits: HubLimits): Row[] {
  return [
    ['max_reserved_memory', formatSize(limits.maxReservedMemory)],
    ['max_disk', formatSize(limits.maxDisk)],
    ['max_messages', String(limits.maxMessages)],
    ['max_channels', String(limits.maxChannels)],
    ['journal_length', String(limits.journalLength)],
    ['journal_timeout', formatDuration(limits.journalTimeoutMs)],
    ['max_connections', String(limits.maxConnections)],
    ['max_head_size', formatSize(limits.maxHeadBytes)],
    ['head_timeout', formatDuration(limits.headTimeoutMs)],
    ['body_timeout', formatDuration(limits.bodyTimeoutMs)],
    ['keep_alive_timeout', formatDuration(limits.keepAliveTimeoutMs)],
    ['max_receiving_size', formatSize(limits.maxReceivingBytes)],
    ['max_pipelined_size', formatSize(limits.maxPipelinedBytes)],
    ['send_timeout', formatDuration(limits.sendTimeoutMs)],
    ['stop_timeout', formatDuration(limits.stopTimeoutMs)],
  ];
}

function deviceRows(devices: DeviceConfig): Row[] {
  return [
    ['registration', devices.registration],
    ['max_devices', String(devices.maxDevices)],
    ['max_event_size', formatSize(devices.maxEventBytes)],
    ['event_buffer_length', String(devices.eventBufferLength)],
    ['event_timeout', durationOr('never', devices.eventTimeoutMs)],
    ['event_durability', devices.eventDurability],
    ...commandRows(devices.commands),
    ['poll_timeout', formatDuration(devices.pollTimeoutMs)],
    ['max_poll_timeout', formatDuration(devices.maxPollTimeoutMs)],
  ];
}

function commandRows(commands: CommandConfig): Row[] {
  return [
    ['command_buffer_length', String(commands.maxQueued)],
    ['command_buffer_size', formatSize(commands.maxQueuedBytes)],
    ['command_buffer_full', commands.whenFull],
    ['command_ttl', formatDuration(commands.ttlMs)],
    ['command_lease', formatDuration(commands.leaseMs)],
    ['max_deliveries', String(commands.maxDeliveries)],
    ['max_in_flight', String(commands.maxInFlight)],
    ['result_timeout', formatDuration(commands.timeoutMs)],
    ['late_window', formatDuration(commands.lateWindowMs)],
    ['command_retention', formatDuration(commands.retentionMs)],
    ['max_ended_commands', String(commands.maxEnded)],
    ['ended_buffer_length', String(commands.maxEndedOfDevice)],
    ['idempotency_window', formatDuration(commands.idempotencyMs)],
    ['max_jobs', String(commands.maxJobs)],
    ['max_running_jobs', String(commands.maxRunningJobs)],
    ['max_job_pause', formatDuration(commands.jobPauseMs)],
    ['max_job_devices', String(commands.maxJobDevices)],
    ['outcome_buffer_length', String(commands.outcomeBufferLength)],
    ['outcome_timeout', durationOr('never', commands.outcomeTimeoutMs)],
  ];
}

function describeLocation({
  path,
  channel,
  isQueue,
  publisher,
  subscriber,
  dialect,
  settings,
}: LocationConfig): string[] {
  const roles = [publisher ? 'publisher' : '', subscriber ? `subscriber ${settings.subscriberMode}` : ''];
  const role = roles.filter((text) => text !== '').join(' and ');
  return [
    `  ${path}`,
    `    ${kindOfMatch(path)}; ${isQueue ? 'commands' : 'channel'} ${channel}; ${role}; dialect ${dialect}`,
    ...wrap(settingRows(settings).map(([key, value]) => `${key} ${value}`)).map((line) => `    ${line}`),
  ];
}

function settingRows(settings: LocationConfig['settings']): Row[] {
  return [
    ['subscriber_concurrency', settings.subscriberConcurrency],
    ['store_messages', onOff(settings.storeMessages)],
    ['durability', settings.durability],
    ['min_message_buffer_length', String(settings.minMessageBufferLength)],
    ['max_message_buffer_length', String(settings.maxMessageBufferLength)],
    ['delete_oldest_received_message', onOff(settings.deleteOldestReceivedMessage)],
    ['ignore_queue_on_no_cache', onOff(settings.ignoreQueueOnNoCache)],
    ['message_timeout', durationOr('never', settings.messageTimeoutMs)],
    ['subscriber_timeout', durationOr('never', settings.subscriberTimeoutMs)],
    ['channel_timeout', formatDuration(settings.channelTimeoutMs)],
    ['authorized_channels_only', onOff(settings.authorizedChannelsOnly)],
    ['channel_group', settings.channelGroup || 'none'],
    ['max_channel_id_length', String(settings.maxChannelIdLength)],
    ['max_channel_subscribers', settings.maxChannelSubscribers === 0 ? 'any' : String(settings.maxChannelSubscribers)],
    ['defaultType', settings.defaultType || 'none'],
    ['gzip', onOff(settings.gzip)],
    ['maxBodySize', formatSize(settings.maxBodyBytes)],
  ];
}

function describePlugin({ name, enabled, from, isolation, maxMemoryBytes, config, shadow }: PluginConfig): string {
  const source = from === undefined ? '' : `, from ${from}`;
  const candidate = shadow ? `, shadow ${shadow.from}${settingsText(shadow.config)}` : '';
  const place = isolation === undefined ? '' : `, ${isolation}`;
  const memory = isolation === 'worker' ? ` with ${formatSize(maxMemoryBytes)}` : '';
  return `  ${name} ${onOff(enabled)}${source}${place}${memory}${settingsText(config)}${candidate}`;
}

function settingsText(config: PluginConfig['config']): string {
  return Object.keys(config).length === 0 ? '' : `, config ${JSON.stringify(config)}`;
}

function describeLogicServer({ name, enabled, token, grants, leaseMs, ...server }: LogicServerConfig): string[] {
  const lists = [
    ['events', server.events],
    ['outcomes', server.outcomes],
    ['timers', server.timers],
    ['outbox', server.outbox],
    ['grants.publish', grants.publish],
  ] as const;
  const commands = grants.command.map(({ device, names, rate }) => {
    return `grants.command ${names.join(' ')} to ${device}${rate === undefined ? '' : ` at ${rate}`}`;
  });
  const jobs = grants.jobs.map(({ devices, names, rate }) => {
    return `grants.jobs ${names.join(' ')} to ${devices}${rate === undefined ? '' : ` at ${rate}`}`;
  });
  const settings: Row[] = [
    ['grants.state', grants.state],
    ['key', server.key],
    ['concurrency', String(server.concurrency)],
    ['lease', formatDuration(leaseMs)],
    ['retries', String(server.retries)],
    ['backoff', server.backoff],
  ];
  const words = [
    ...lists.filter(([, items]) => items.length > 0).map(([key, items]) => `${key} ${items.join(' ')}`),
    ...commands,
    ...jobs,
    ...settings.map(([key, value]) => `${key} ${value}`),
  ];
  const door = token === undefined ? 'no token' : 'a token is asked for';
  return [`  ${name} ${onOff(enabled)}, ${door}`, ...wrap(words).map((line) => `    ${line}`)];
}

/** Longer modifiers first. */
const KINDS = [
  ['=', 'this path exactly'],
  ['^~', 'prefix, tried before regular expressions'],
  ['~*', 'regular expression, upper and lower case alike'],
  ['~', 'regular expression'],
  ['', 'prefix'],
] as const;

function kindOfMatch(path: string): string {
  return KINDS.find(([modifier]) => path.trim().startsWith(modifier))?.[1] ?? '';
}

function onOff(isOn: boolean): string {
  return isOn ? 'on' : 'off';
}

function durationOr(zero: string, ms: number): string {
  return ms === 0 ? zero : formatDuration(ms);
}

function table(indent: string, rows: readonly Row[]): string[] {
  const width = Math.max(...rows.map(([key]) => key.length));
  return rows.map(([key, value]) => `${indent}${key.padEnd(width)}  ${value}`);
}

const LINE_WIDTH = 100;

function wrap(words: readonly string[]): string[] {
  const lines: string[] = [];
  for (const word of words) {
    const extended = `${lines.at(-1)}, ${word}`;
    if (lines.length > 0 && extended.length < LINE_WIDTH) lines[lines.length - 1] = extended;
    else lines.push(word);
  }
  return lines.map((line, i) => (i < lines.length - 1 ? `${line},` : line));
}

import { describe, expect, it } from '@jest/globals';
import type { LocationConfig } from '../../src/config/hub-config.js';
import { parseConfig } from '../../src/config/load-config.js';
import { checkLocations } from '../../src/locations/check-locations.js';
import { linesOf } from './faults-of.js';

/** The one location of a file that has these lines for it. */
function location(...lines: readonly string[]): LocationConfig {
  const text = ['locations:', '  - path: /a', '    channel: x', ...lines.map((line) => `    ${line}`)].join('\n');
  return parseConfig(text, 'hub.yaml').locations[0] as LocationConfig;
}

describe('A location', () => {
  it('takes what it leaves out from the defaults of nginx_http_push_module', () => {
    expect(location('publisher: on')).toEqual({
      path: '/a',
      channel: 'x',
      isQueue: false,
      publisher: true,
      subscriber: false,
      dialect: 'push',
      settings: {
        subscriberMode: 'long-poll',
        subscriberConcurrency: 'broadcast',
        storeMessages: true,
        durability: 'disk',
        minMessageBufferLength: 1,
        maxMessageBufferLength: 10,
        deleteOldestReceivedMessage: false,
        ignoreQueueOnNoCache: false,
        messageTimeoutMs: 3_600_000,
        subscriberTimeoutMs: 0,
        channelTimeoutMs: 5_000,
        authorizedChannelsOnly: false,
        channelGroup: '',
        maxChannelIdLength: 1024,
        maxChannelSubscribers: 0,
        defaultType: '',
        gzip: false,
        maxBodyBytes: 1_048_576,
      },
    });
  });

  it('takes every setting', () => {
    const { settings } = location(
      'subscriber: interval-poll',
      'subscriber_concurrency: last',
      'store_messages: off',
      'durability: memory',
      'min_message_buffer_length: 2',
      'max_message_buffer_length: 30',
      'delete_oldest_received_message: on',
      'ignore_queue_on_no_cache: true',
      'message_timeout: 1d',
      'subscriber_timeout: 25s',
      'channel_timeout: 1m',
      'authorized_channels_only: on',
      'channel_group: building 7',
      'max_channel_id_length: 64',
      'max_channel_subscribers: 3',
      'defaultType: "text/plain; charset=utf-8"',
      'gzip: on',
      'maxBodySize: 64k',
    );
    expect(settings).toEqual({
      subscriberMode: 'interval-poll',
      subscriberConcurrency: 'last',
      storeMessages: false,
      durability: 'memory',
      minMessageBufferLength: 2,
      maxMessageBufferLength: 30,
      deleteOldestReceivedMessage: true,
      ignoreQueueOnNoCache: true,
      messageTimeoutMs: 86_400_000,
      subscriberTimeoutMs: 25_000,
      channelTimeoutMs: 60_000,
      authorizedChannelsOnly: true,
      channelGroup: 'building 7',
      maxChannelIdLength: 64,
      maxChannelSubscribers: 3,
      defaultType: 'text/plain; charset=utf-8',
      gzip: true,
      maxBodyBytes: 65_536,
    });
  });

  it.each([
    ['subscriber: on', true, 'long-poll'],
    ['subscriber: true', true, 'long-poll'],
    ['subscriber: long-poll', true, 'long-poll'],
    ['subscriber: interval-poll', true, 'interval-poll'],
    ['subscriber: off', false, 'long-poll'],
  ])('with %s subscribes: %j', (line, subscriber, mode) => {
    expect(location('publisher: on', line)).toMatchObject({ subscriber, settings: { subscriberMode: mode } });
  });

  it.each([
    ['message_buffer_length: 7', 7, 7],
    ['message_buffer_length: 0', 0, 0],
    ['max_message_buffer_length: 30', 1, 30],
    ['max_message_buffer_length: 0', 0, 0],
    ['min_message_buffer_length: 10', 10, 10],
  ])('with %s keeps %d to %d messages', (line, least, most) => {
    expect(location('publisher: on', line).settings).toMatchObject({
      minMessageBufferLength: least,
      maxMessageBufferLength: most,
    });
  });

  it.each([
    ['path: 5', 'path is 5. Text of 1 to 2000 characters'],
    ['path: ""', 'path is "". Text of 1 to 2000'],
    ['channel: 5', 'channel is 5. Text of 1 to 2000 characters is allowed, such as $arg_id; put numbers in quotes.'],
    ['publisher: long-poll', 'publisher is "long-poll". Allowed is on or off'],
    ['subscriber: websocket', 'subscriber is "websocket". Allowed is on, off, long-poll or interval-poll'],
    ['dialect: nchan', 'dialect is "nchan". Allowed is push.'],
    ['subscriber_concurrency: all', 'subscriber_concurrency is "all". Allowed is broadcast, first or last.'],
    ['max_message_buffer_length: many', 'max_message_buffer_length is "many". A whole number from 0 to 1000000'],
    ['max_channel_id_length: 0', 'max_channel_id_length is 0. A whole number from 1 to 8192'],
    ['message_timeout: -1s', 'message_timeout is "-1s". A time from 0s to 3650d'],
    ['message_timeout: [1s]', 'message_timeout is a list. A time'],
    ['channel_timeout:', 'channel_timeout is empty. A time'],
    ['maxBodySize: 2G', 'maxBodySize is "2G". A size from 1 to 1G'],
    ['maxBodySize: 0', 'maxBodySize is 0. A size from 1 to 1G'],
    ['defaultType: "text/plain\\r\\nX: y"', 'defaultType is "text/plain\\r\\nX: y". A media type'],
    ['defaultType: plain', 'defaultType is "plain". A media type'],
    ['channel_group: "a\\0b"', 'channel_group is "a\\u0000b". Text of up to 255'],
    ['push_channel_group: a', 'push_channel_group is "a". There is no such key; did you mean channel_group?'],
    ['max_body_size: 1M', 'max_body_size is "1M". There is no such key; did you mean maxBodySize?'],
  ])('with %s is refused', (line, fault) => {
    const key = line.slice(0, line.indexOf(':'));
    const lines = ['path: /a', 'channel: x', 'publisher: on'].filter((other) => !other.startsWith(`${key}:`));
    const told = linesOf(`locations:\n  - ${[...lines, line].join('\n    ')}\n`);
    expect(told).toHaveLength(1);
    expect(told[0]).toContain(`hub.yaml:${lines.length + 2}: locations[0].${fault}`);
  });

  it('needs a path, a channel and a role', () => {
    expect(linesOf('locations:\n  - gzip: on\n  - 7\n  -\n')).toEqual([
      expect.stringMatching(/^hub\.yaml:2: locations\[0\]\.path\. It is missing\. Text/),
      expect.stringMatching(/^hub\.yaml:2: locations\[0\]\. A location needs a role/),
      expect.stringMatching(/^hub\.yaml:2: locations\[0\]\.channel\. It is missing\. A location has channel/),
      expect.stringMatching(/^hub\.yaml:3: locations\[1\] is 7\. A location is a mapping/),
      expect.stringMatching(/^hub\.yaml:4: locations\[2\] is empty\. A location is a mapping/),
    ]);
  });
});

describe('The list of locations', () => {
  it('replaces the default ones, also when it is empty', () => {
    expect(parseConfig('locations: []', 'x').locations).toEqual([]);
    expect(location('publisher: on').path).toBe('/a');
  });

  it('is a list', () => {
    expect(linesOf('locations:\n  path: /a\n')).toEqual([
      'hub.yaml:1: locations is a mapping. A list is allowed, each item behind a "- ".',
    ]);
  });

  it('may share values by alias, and tells faults where they stand', () => {
    const text =
      'locations:\n  - &a { path: /a, channel: x, publisher: on, message_timeout: &t 1d }\n  - { path: /b, channel: x, publisher: on, message_timeout: *t }\n  - *a\n';
    expect(parseConfig(text, 'x').locations[1]?.settings.messageTimeoutMs).toBe(86_400_000);
    expect(linesOf(text, { checkLocations })).toEqual([
      'hub.yaml:2: locations[2].path is "/a". The location "/a" above serves the same paths; one of the two must change or go.',
    ]);
  });

  it('has its paths and templates checked by whom it is told to', () => {
    const text = [
      'locations:',
      '  - { path: /a, channel: $2, publisher: on }',
      '  - path: ~ ^/x/(.*$',
      '    channel: $nope',
      '    publisher: on',
      '  - channel: $',
      '    publisher: on',
      '    path: 5',
    ].join('\n');
    expect(linesOf(text, { checkLocations }).map((line) => line.slice(0, 60))).toEqual(
      [
        'hub.yaml:2: locations[0].channel is "$2". "$2" is group 2 of ',
        'hub.yaml:3: locations[1].path is "~ ^/x/(.*$". Not a regular ',
        'hub.yaml:4: locations[1].channel is "$nope". "$nope" is not a',
        'hub.yaml:6: locations[2].channel is "$". "$" is not a variabl',
        'hub.yaml:8: locations[2].path is 5. Text of 1 to 2000 charact',
      ].map((line) => line.slice(0, 60)),
    );
    expect(linesOf(text)).toHaveLength(1);
  });

  it('names a device instead of a channel with commands', () => {
    const [fan] = parseConfig(
      'locations:\n  - { path: /fan, commands: $arg_id, subscriber: on }\n',
      'hub.yaml',
    ).locations;
    expect(fan).toMatchObject({ channel: '$arg_id', isQueue: true, subscriber: true });
  });

  it.each([
    ['channel: x', 'channel stands here too; write one or the other.'],
    ['publisher: on', 'commands: is for subscribers; send by POST /v1/devices/ID/commands.'],
    ['channel_group: g', 'commands: names a device, which is in no group.'],
  ])('does not take %s beside commands', (line, sentence) => {
    const told = linesOf(`locations:\n  - path: /fan\n    commands: $arg_id\n    subscriber: on\n    ${line}\n`);
    expect(told).toEqual([expect.stringContaining(sentence)]);
  });
});

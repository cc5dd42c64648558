import { Count, OneOf, Size, Switch, Text, Time, type Written } from './key-rules.js';

const TEXT = 'Text of 1 to 2000 characters is allowed';
const TEMPLATE = /^[^\0]{1,2000}$/s;
const TEMPLATE_SENTENCE = `${TEXT}, such as $arg_id; put numbers in quotes.`;

/** The keys of an item of `locations`: NHPM's directives without their prefix `push_`, and their defaults. */
export class LocationKeys {
  @Text('path', /^[^\0]{1,2000}$/s, `${TEXT}: /prefix, = /exact, ^~ /prefix, ~ expression or ~* expression.`, {
    required: true,
  })
  path!: string;

  /** one of the two is needed */
  @Text('template', TEMPLATE, TEMPLATE_SENTENCE, { otherwise: 'required, or `commands`' })
  channel?: Written;

  /** names the device whose queue is served */
  @Text('template', TEMPLATE, TEMPLATE_SENTENCE)
  commands?: Written;

  @Switch()
  publisher: Written = false;

  @Switch('long-poll', 'interval-poll')
  subscriber: Written = false;

  @OneOf('push')
  dialect: Written = 'push';

  @OneOf('broadcast', 'first', 'last')
  subscriber_concurrency: Written = 'broadcast';

  @Switch()
  store_messages: Written = true;

  @OneOf('disk', 'memory', 'none')
  durability: Written = 'disk';

  @Count(0, 1_000_000)
  min_message_buffer_length: Written = 1;

  @Count(0, 1_000_000)
  max_message_buffer_length: Written = 10;

  /** sets both of the above */
  @Count(0, 1_000_000)
  message_buffer_length?: Written;

  @Switch()
  delete_oldest_received_message: Written = false;

  @Switch()
  ignore_queue_on_no_cache: Written = false;

  @Time('0s', '3650d')
  message_timeout: Written = '1h';

  @Time('0s', '3650d')
  subscriber_timeout: Written = '0s';

  @Time('0s', '3650d')
  channel_timeout: Written = '5s';

  @Switch()
  authorized_channels_only: Written = false;

  @Text(
    'text',
    /^(?!\$)[^\0-\x1f\x7f]{0,255}$/,
    'Text of up to 255 characters, none of them a control character, is allowed; it must not begin with "$".',
  )
  channel_group: Written = '';

  @Count(1, 8192)
  max_channel_id_length: Written = 1024;

  @Count(0, 1_000_000_000)
  max_channel_subscribers: Written = 0;

  @Text(
    'media type',
    /^(?:[\w!#$&^.+-]{1,127}\/[\w!#$&^.+-]{1,127}(?: *;[\x20-\x7e]{0,200})?)?$/,
    'A media type is allowed, such as text/plain or "text/html; charset=utf-8"; "" for none.',
  )
  defaultType: Written = '';

  @Switch()
  gzip: Written = false;

  @Size('1', '1G')
  maxBodySize: Written = '1M';
}

import { parseDuration } from '../units/duration.js';
import { Count, OneOf, Range, Section, Size, Switch, Text, Time, type Written } from './key-rules.js';

const RATE = /^[1-9]\d{0,8}\/[smhd]$/;
const RATE_SENTENCE = 'A number for a second, minute, hour or day is allowed, as in 10/m.';

/** The keys of an entry of `logic_servers`: what it is given, what it may do, and how its turns are handed out. */
export class LogicServerKeys {
  @Switch()
  enabled: Written = true;

  @Text('text', /^[\x21-\x7e]{16,256}$/, 'A text of 16 to 256 printable characters without spaces is allowed.')
  token?: Written;

  @Section('list', 'none')
  events?: unknown;

  @Section('list', 'none')
  outcomes?: unknown;

  @Section('list', 'none')
  timers?: unknown;

  @Section('list', 'none')
  outbox?: unknown;

  @Section('section', 'none')
  grants?: unknown;

  @OneOf('device', 'all', 'none')
  key: Written = 'device';

  @Count(1, 256)
  concurrency: Written = 16;

  @Time('1s', '1h')
  lease: Written = '60s';

  @Count(0, 100)
  retries: Written = 3;

  @Range(parseDuration, 'times', 'Two times with ".." between them are allowed, the shorter one first, as in 1s..30s.')
  backoff: Written = '1s..30s';
}

/** The keys of `grants`. */
export class GrantKeys {
  @Section('list', 'none')
  command?: unknown;

  @Section('list', 'none')
  jobs?: unknown;

  @Section('list', 'none')
  publish?: unknown;

  @Size('1k', '1024G')
  state: Written = '16M';
}

/** The keys of an item of `grants.command`. */
export class CommandGrantKeys {
  @Text('device', /^(?:#|[A-Za-z0-9._:-]{1,128})$/, 'The id of a device is allowed, or "#" for all.', {
    required: true,
  })
  device!: string;

  @Section('list', 'required')
  names?: unknown;

  @Text('rate', RATE, RATE_SENTENCE)
  rate?: Written;
}

/** The keys of an item of `grants.jobs`. */
export class JobGrantKeys {
  @Text('pattern', /^[A-Za-z0-9._:*-]{1,128}$/, 'A pattern of device ids is allowed, as fan-*, or "*" for all.', {
    required: true,
  })
  devices!: string;

  @Section('list', 'required')
  names?: unknown;

  @Text('rate', RATE, RATE_SENTENCE)
  rate?: Written;
}

/** What the items of a list must be. */
export interface ItemRule {
  readonly pattern: RegExp;
  /** what is allowed */
  readonly sentence: string;
}

/** Patterns that can match `devices/{device}/events/{type}`; the logic room reads them the same way. */
export const EVENT_PATTERN: ItemRule = {
  pattern: /^(?:#|(?:devices|\+)\/(?:#|(?:\+|[^+#/]+)\/(?:#|(?:events|\+)\/(?:#|(?:\+|[^+#/]+)(?:\/#)?))))$/,
  sentence: 'A pattern of events is allowed, such as devices/+/events/temperature or devices/#.',
};

export const CHANNEL_PATTERN: ItemRule = {
  pattern: /^(?=.)(?:(?:\+|[^+#/]*)\/)*(?:#|\+|[^+#/]*)$/s,
  sentence: 'A pattern of channels is allowed, such as plant/# or plant/+/alarms.',
};

export const COMMAND_NAME: ItemRule = {
  pattern: /^[\s\S]{1,128}$/,
  sentence: "A command's name of 1 to 128 characters is allowed.",
};

/** Names of timers and of outboxes. */
export const TURN_NAME: ItemRule = {
  pattern: /^[A-Za-z0-9._:$-]{1,128}$/,
  sentence: 'A name of 1 to 128 of the characters A-Z a-z 0-9 . _ : $ - is allowed.',
};

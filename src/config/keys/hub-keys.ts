import { ListenAddress, OneOf, Section, Size, Switch, Text, type Written } from './key-rules.js';
import { MAX_MEMORY, MIN_MEMORY } from './limit-keys.js';

/** The keys on top level, with their defaults as one would write them. */
export class HubKeys {
  @ListenAddress()
  listen: Written = '127.0.0.1:8080';

  @ListenAddress()
  admin: Written = '127.0.0.1:8081';

  @OneOf('lmdb', 'memory')
  engine: Written = 'lmdb';

  @Text('folder', /^[^\0]{1,4096}$/, 'The path of a folder is allowed.')
  data: Written = 'data';

  @Switch()
  fast_lane: Written = true;

  @OneOf('silent', 'error', 'warn', 'info', 'debug')
  log_level: Written = 'info';

  @Switch()
  examples: Written = true;

  /** NHPM's place for it; the same as `limits.max_reserved_memory` */
  @Size(MIN_MEMORY, MAX_MEMORY, { otherwise: 'see limits' })
  max_reserved_memory?: Written;

  @Section('section', 'see limits')
  limits?: unknown;

  @Section('section', 'see devices')
  devices?: unknown;

  @Section('list', '/pub and /sub')
  locations?: unknown;

  @Section('map by name', 'thermostat')
  plugins?: unknown;

  @Section('map by name', 'none')
  logic_servers?: unknown;
}

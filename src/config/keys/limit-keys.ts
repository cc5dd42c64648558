import { Count, Size, Time, type Written } from './key-rules.js';

export const MIN_MEMORY = '64k';
export const MAX_MEMORY = '1024G';

/** The keys of `limits`: everything that could grow has one. */
export class LimitKeys {
  @Size(MIN_MEMORY, MAX_MEMORY)
  max_reserved_memory: Written = '32M';

  @Size('1M', '1024G')
  max_disk: Written = '10G';

  @Count(1, 1_000_000_000)
  max_messages: Written = 1_000_000;

  @Count(1, 100_000_000)
  max_channels: Written = 1_000_000;

  @Count(1, 100_000_000)
  journal_length: Written = 100_000;

  @Time('1m', '365d')
  journal_timeout: Written = '3d';

  @Count(1, 10_000_000)
  max_connections: Written = 200_000;

  @Size('1k', '64k')
  max_head_size: Written = '8k';

  @Time('1ms', '1h')
  head_timeout: Written = '10s';

  @Time('1ms', '1d')
  body_timeout: Written = '30s';

  @Time('1ms', '1d')
  keep_alive_timeout: Written = '75s';

  @Size('64k', MAX_MEMORY)
  max_receiving_size: Written = '256M';

  @Size('1k', '16M')
  max_pipelined_size: Written = '64k';

  @Time('1ms', '1d')
  send_timeout: Written = '60s';

  @Time('0s', '1h')
  stop_timeout: Written = '10s';
}

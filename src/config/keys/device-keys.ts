import { Count, OneOf, Size, Time, type Written } from './key-rules.js';

/** The keys of `devices`: what is kept of events and commands, and how long things take. */
export class DeviceKeys {
  @OneOf('open', 'closed')
  registration: Written = 'open';

  @Count(1, 100_000_000)
  max_devices: Written = 200_000;

  @Size('1', '1G')
  max_event_size: Written = '1M';

  @Count(1, 1_000_000)
  event_buffer_length: Written = 10;

  @Time('0s', '3650d')
  event_timeout: Written = '1h';

  @OneOf('disk', 'memory', 'none')
  event_durability: Written = 'disk';

  @Count(1, 10_000)
  command_buffer_length: Written = 1_000;

  @Size('1k', '1G')
  command_buffer_size: Written = '1M';

  @OneOf('reject', 'drop-oldest')
  command_buffer_full: Written = 'reject';

  @Time('1s', '3650d')
  command_ttl: Written = '1h';

  @Time('1s', '1d')
  command_lease: Written = '60s';

  @Count(1, 1_000)
  max_deliveries: Written = 10;

  @Count(1, 1_000)
  max_in_flight: Written = 1;

  @Time('1s', '3650d')
  result_timeout: Written = '30s';

  @Time('0s', '3650d')
  late_window: Written = '24h';

  @Time('1s', '3650d')
  command_retention: Written = '7d';

  @Count(1, 100_000_000)
  max_ended_commands: Written = 100_000;

  @Count(1, 10_000)
  ended_buffer_length: Written = 100;

  @Time('1s', '30d')
  idempotency_window: Written = '10m';

  @Count(1, 100_000)
  max_jobs: Written = 1_000;

  @Count(1, 1_000)
  max_running_jobs: Written = 16;

  @Time('1s', '3650d')
  max_job_pause: Written = '7d';

  @Count(1, 100_000_000)
  max_job_devices: Written = 200_000;

  @Count(1, 1_000_000)
  outcome_buffer_length: Written = 20;

  @Time('0s', '3650d')
  outcome_timeout: Written = '1h';

  @Time('0s', '1h')
  poll_timeout: Written = '30s';

  @Time('0s', '1h')
  max_poll_timeout: Written = '300s';
}

import { Count, OneOf, Size, Time, type Written } from './key-rules.js';

/** The keys of `devices`: what is kept of events and commands. */
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

  @Count(1, 1_000_000)
  command_buffer_length: Written = 1_000;

  @Time('0s', '3650d')
  command_timeout: Written = '1h';
}

import type { WaitingTimer } from '../logic/store/waiting-timers.js';
import { ShownCause } from './cause.dto.js';
import { ApiProperty, ApiPropertyOptional } from './documented.dto.js';
import { Text, TimerPlace, WholeNumber } from './rules.js';

const TIMERS_PER_PAGE = 1_000;
const MAX_NAME_LENGTH = 128;
const CATCH_UPS: readonly WaitingTimer['missed'][] = ['fireOnce', 'skip', 'each'];
const PLACE = '001795422714310/fan-off/fan-1';

export class TimerPageQuery {
  @Text(MAX_NAME_LENGTH, 'bad_request')
  @ApiPropertyOptional({ description: 'Only those of this key, mostly a device; left out: all.', example: 'fan-1' })
  key?: string;

  @TimerPlace()
  @ApiPropertyOptional({ description: 'What the page before gave as `next`.', example: PLACE })
  after?: string;

  @WholeNumber(1, TIMERS_PER_PAGE, 'invalid_limit')
  @ApiPropertyOptional({
    type: 'integer',
    description: 'Timers on the page, at most.',
    minimum: 1,
    maximum: TIMERS_PER_PAGE,
  })
  limit = 100;
}

/** A timer of a plugin that waits. */
export class PluginTimer {
  @ApiProperty({ description: 'Its name, as in `@OnTimer`.', example: 'fan-off' })
  name!: string;

  @ApiProperty({ description: 'Its key: the device, where the turn named no other.', example: 'fan-1' })
  key!: string;

  @ApiProperty({ format: 'date-time', description: 'When it comes.', example: '2026-11-23T08:31:54.310Z' })
  dueAt!: string;

  @ApiProperty({ type: 'string', nullable: true, description: 'How often it comes; null: once.', example: '1h' })
  every!: string | null;

  @ApiProperty({ enum: CATCH_UPS, description: 'What is done about times that passed while the plugin was away.' })
  missed!: WaitingTimer['missed'];

  @ApiProperty({
    type: 'string',
    nullable: true,
    description: 'What it was given, as JSON; null: nothing.',
    example: null,
  })
  data!: string | null;

  @ApiProperty({ type: ShownCause, description: 'The turn that set it.' })
  cause!: ShownCause;
}

export class TimerPage {
  @ApiProperty({ type: [PluginTimer], description: 'Those that come first at the head.' })
  timers!: PluginTimer[];

  @ApiProperty({ type: 'string', nullable: true, description: 'For `after`; null: there are no more.', example: PLACE })
  next!: string | null;
}

/** Which timer is asked about. */
export class WhyTimerQuery {
  @Text(MAX_NAME_LENGTH, 'bad_request', { required: true })
  @ApiProperty({ description: "The plugin's name.", example: 'thermostat' })
  plugin!: string;

  @Text(MAX_NAME_LENGTH, 'bad_request', { required: true })
  @ApiProperty({ description: "The timer's name.", example: 'fan-off' })
  name!: string;

  @Text(MAX_NAME_LENGTH, 'bad_request', { required: true })
  @ApiProperty({ description: 'Its key.', example: 'fan-1' })
  key!: string;
}

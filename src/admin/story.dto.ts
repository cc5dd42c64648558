import type { Story as Told } from '../logic/explaining/story.js';
import { ADMIN_LIMITS } from './admin-limits.js';
import { ChannelQuery } from './channel.dto.js';
import { ApiProperty, ApiPropertyOptional } from './documented.dto.js';
import { PositionText, Text } from './rules.js';

const INSTANT = '2026-11-25T12:10:14.000Z';

export class ToldStep {
  @ApiProperty({ format: 'date-time', description: 'When.', example: INSTANT })
  at!: string;

  @ApiProperty({ description: 'What happened.', example: 'The device polled for commands.' })
  sentence!: string;
}

/** An answer to "why". */
export class Story implements Told {
  @ApiProperty({ description: 'What is known now.', example: 'Device "fan-1" is listening.' })
  now!: string;

  @ApiProperty({ type: [ToldStep], description: 'The steps that led there, the oldest first.' })
  steps!: ToldStep[];
}

/** An answer to "why" of something that the hub keeps a cause of. */
export class CausedStory extends Story {
  @ApiProperty({
    type: [String],
    description: 'What led to that, from the nearest on back to what came from outside, as far as it is still kept.',
    example: [
      'The event devices/fan-1/events/temperature 1795421763:0 is of 2026-11-23T08:16:03.125Z. Device "fan-1" …',
    ],
  })
  because!: string[];
}

/** Which message is asked about. */
export class WhyMessageQuery extends ChannelQuery {
  @Text(ADMIN_LIMITS.maxIdLength, 'bad_request', { required: true })
  @ApiProperty({ description: "The channel's id.", example: 'devices/fan-1/events/temperature' })
  channel!: string;

  @PositionText()
  @ApiPropertyOptional({ description: 'Its place there; left out: the last one.', example: '1795421814:0' })
  position?: string;
}

export class WhyNotQuery {
  @Text(1_100, 'bad_request', { required: true })
  event!: string;

  @Text(128, 'bad_request', { required: true })
  plugin!: string;
}

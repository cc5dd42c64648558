import type { Story as Told } from '../logic/explaining/story.js';
import { ApiProperty } from './documented.dto.js';
import { Text } from './rules.js';

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

export class WhyNotQuery {
  @Text(1_100, 'bad_request', { required: true })
  event!: string;

  @Text(128, 'bad_request', { required: true })
  plugin!: string;
}

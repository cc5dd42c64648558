import type { DeadLetter as Letter } from '../logic/plugin-status.js';
import { ApiProperty, ApiPropertyOptional } from './documented.dto.js';
import { Text, WholeNumber } from './rules.js';

const KINDS: readonly Letter['kind'][] = ['event', 'outcome', 'timer', 'outbox'];
const ID = '01JDJ8ZC5R6Q8V2E4N7T9X3K1M';
/** Letters keep payloads of up to the largest event. */
const LETTERS_PER_PAGE = 100;

export class DeadLetterQuery {
  @Text(26, 'invalid_cursor')
  @ApiPropertyOptional({ description: 'Only those behind this id; left out: from the oldest.', example: ID })
  after?: string;

  @WholeNumber(1, LETTERS_PER_PAGE, 'invalid_limit')
  @ApiPropertyOptional({
    type: 'integer',
    description: 'Dead letters on the page, at most.',
    minimum: 1,
    maximum: LETTERS_PER_PAGE,
  })
  limit = 20;
}

export class DeadLetter {
  @ApiProperty({ description: 'A ULID: later ones sort behind earlier ones.', example: ID })
  id!: string;

  @ApiProperty({
    format: 'date-time',
    description: 'When it was given up the last time.',
    example: '2026-11-25T12:10:14.000Z',
  })
  at!: string;

  @ApiProperty({ description: 'The method that was called.', example: 'thermostat.regulate' })
  handler!: string;

  @ApiProperty({ description: 'Of the logic server that gave it up.', example: '1.1.0' })
  version!: string;

  @ApiProperty({ enum: KINDS, description: 'What it was called for.' })
  kind!: Letter['kind'];

  @ApiProperty({
    description: 'The same in one line.',
    example: 'event devices/fan-1/events/temperature 1795421814:0',
  })
  about!: string;

  @ApiProperty({ description: 'What went wrong at the last attempt.', example: 'connect ECONNREFUSED 10.0.0.7:5432' })
  error!: string;

  @ApiProperty({ type: 'integer', minimum: 0, description: 'Attempts, those by hand included.', example: 4 })
  attempts!: number;

  @ApiProperty({
    description: "The event's body, or the data of the timer or the item: text where it is UTF-8, else base64.",
    example: '{"celsius":31.5}',
  })
  payload!: string;
}

export class DeadLetterPage {
  @ApiProperty({ type: [DeadLetter], description: 'The oldest first.' })
  letters!: DeadLetter[];

  @ApiProperty({ type: 'string', nullable: true, description: 'Goes into `after` for the next page; null: none.' })
  next!: string | null;
}

export class Redriven {
  @ApiProperty({ description: 'true: its turn was done, and it is no longer a dead letter.', example: true })
  isDone!: boolean;

  @ApiProperty({ type: 'string', nullable: true, description: 'What went wrong; null: nothing.', example: null })
  error!: string | null;
}

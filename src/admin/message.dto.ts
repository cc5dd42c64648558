import { ADMIN_LIMITS } from './admin-limits.js';
import { ShownCause } from './cause.dto.js';
import { ChannelQuery } from './channel.dto.js';
import { ApiProperty, ApiPropertyOptional } from './documented.dto.js';
import { MediaType, OneOf, PositionText, Text, WholeNumber } from './rules.js';

const { messagesPerPage, maxPageBytes, maxRequestBytes } = ADMIN_LIMITS;
const POSITION = '1795421814:0';

export class MessagePageQuery extends ChannelQuery {
  @PositionText()
  @ApiPropertyOptional({
    description: 'Only messages behind this position; left out: from the oldest.',
    example: POSITION,
  })
  after?: string;

  @WholeNumber(1, messagesPerPage, 'invalid_limit')
  @ApiPropertyOptional({
    type: 'integer',
    description: 'Messages on the page, at most.',
    minimum: 1,
    maximum: messagesPerPage,
  })
  limit = 100;

  @WholeNumber(0, maxPageBytes, 'invalid_limit')
  @ApiPropertyOptional({
    type: 'integer',
    description: 'Bytes of each body that are shown; what is longer is cut.',
    minimum: 0,
    maximum: maxPageBytes,
  })
  bodyLimit = 64 * 1024;
}

const ENCODINGS = ['text', 'base64'] as const;
export type Encoding = (typeof ENCODINGS)[number];

export class Message {
  @ApiProperty({ description: 'Its place in the channel.', example: POSITION })
  position!: string;

  @ApiProperty({ format: 'date-time', description: 'When it was published.', example: '2026-11-25T12:10:14.000Z' })
  publishedAt!: string;

  @ApiProperty({ type: 'string', format: 'date-time', nullable: true, description: 'When it is dropped; null: never.' })
  expiresAt!: string | null;

  @ApiProperty({
    type: 'string',
    nullable: true,
    description: 'As its publisher named it; null: it named none.',
    example: 'text/plain',
  })
  contentType!: string | null;

  @ApiProperty({
    type: ShownCause,
    nullable: true,
    description: 'null: none is kept. `/admin/why/messages` tells what is known all the same, and what led to it.',
  })
  cause!: ShownCause | null;

  @ApiProperty({ type: 'integer', description: 'Bytes of the body.', example: 5 })
  size!: number;

  @ApiProperty({ enum: ENCODINGS, description: '`text` when what is shown is UTF-8, else `base64`.' })
  encoding!: Encoding;

  @ApiProperty({ description: 'The body, or its first bytes.', example: 'hello' })
  body!: string;

  @ApiProperty({ description: 'True when the body is longer than what is shown.' })
  isCut!: boolean;
}

export class MessagePage {
  @ApiProperty({ type: [Message], description: 'From the oldest on.' })
  messages!: Message[];

  @ApiProperty({
    type: 'string',
    nullable: true,
    description: `For \`after\`; null: there are no more. A page ends early when its bodies reach ${maxPageBytes} bytes.`,
    example: POSITION,
  })
  next!: string | null;
}

/** A message that an operator publishes. */
export class NewMessageBody {
  @Text(maxRequestBytes, 'invalid_payload', { required: true })
  @ApiProperty({ description: 'Up to 1 MiB, counted as bytes.', example: 'hello' })
  body!: string;

  @OneOf(ENCODINGS, 'invalid_payload')
  @ApiPropertyOptional({ enum: ENCODINGS, description: 'How `body` is written.' })
  encoding: Encoding = 'text';

  @MediaType('invalid_payload')
  @ApiPropertyOptional({
    description: 'Left out: none, and subscribers get the `defaultType` of their location.',
    example: 'text/plain',
  })
  contentType?: string;
}

export class PublishedMessage {
  @ApiProperty({ description: 'Its place in the channel.', example: POSITION })
  position!: string;

  @ApiProperty({ type: 'integer', description: 'Polls that waited and got it.', example: 1 })
  delivered!: number;
}

import { ADMIN_LIMITS } from './admin-limits.js';
import { ApiProperty, ApiPropertyOptional } from './documented.dto.js';
import { Cursor, Text, WholeNumber } from './rules.js';

const { channelsPerPage, maxIdLength } = ADMIN_LIMITS;
const MAX_GROUP_LENGTH = 255;
const ID = 'devices/fan-1/commands';
const INSTANT = '2026-11-25T12:10:14.000Z';

/** Which channel is meant, beside its id in the path. */
export class ChannelQuery {
  @Text(MAX_GROUP_LENGTH, 'bad_request')
  @ApiPropertyOptional({
    description: "The channel's group; left out: none.",
    maxLength: MAX_GROUP_LENGTH,
    default: '',
  })
  group = '';
}

export class ChannelPageQuery {
  @Text(MAX_GROUP_LENGTH, 'bad_request')
  @ApiPropertyOptional({
    description: 'Only channels of this group; empty: of none; left out: of every group.',
    maxLength: MAX_GROUP_LENGTH,
  })
  group?: string;

  @Text(maxIdLength, 'bad_request')
  @ApiPropertyOptional({
    description: 'Only channels whose id begins with it.',
    maxLength: maxIdLength,
    example: 'devices/',
  })
  prefix?: string;

  @Cursor()
  @ApiPropertyOptional({ description: 'What the page before gave as `next`.', example: 'WyIiLCJkZXZpY2VzIl0' })
  after?: string;

  @WholeNumber(1, channelsPerPage, 'invalid_limit')
  @ApiPropertyOptional({ type: 'integer', description: 'Channels on the page.', minimum: 1, maximum: channelsPerPage })
  limit = 100;
}

/** Settings that the last location which used the channel brought along, as the configuration writes them. */
export class ChannelSettings {
  @ApiProperty({ description: 'The path of the location.', example: '/sub' })
  location!: string;

  @ApiProperty({ type: 'integer', description: 'Messages that stay when memory is short.', example: 1 })
  min_message_buffer_length!: number;

  @ApiProperty({ type: 'integer', description: 'One more drops the oldest.', example: 20 })
  max_message_buffer_length!: number;

  @ApiProperty({ description: '`0s`: messages do not expire.', example: '2h' })
  message_timeout!: string;

  @ApiProperty({ description: 'How long it is kept when it is empty and nobody uses it.', example: '5s' })
  channel_timeout!: string;
}

export class ChannelState {
  @ApiProperty({ description: 'The id as it is compared on the wire, not decoded.', example: ID })
  id!: string;

  @ApiProperty({ description: 'The group that its location names; empty: none.', example: '' })
  group!: string;

  @ApiProperty({ description: 'Where it is found in this API.', example: `/admin/channels/${encodeURIComponent(ID)}` })
  href!: string;

  @ApiProperty({ type: 'integer', description: 'Messages stored.', example: 3 })
  messages!: number;

  @ApiProperty({ type: 'integer', description: 'Bytes that they count against `max_reserved_memory`.', example: 712 })
  bytes!: number;

  @ApiProperty({ type: 'integer', description: 'Polls that wait now.', example: 1 })
  subscribers!: number;

  @ApiProperty({ type: 'integer', description: 'Messages published since the channel was made.', example: 12 })
  published!: number;

  @ApiProperty({ type: 'integer', description: 'Polls that were answered with a message.', example: 9 })
  delivered!: number;

  @ApiProperty({
    type: 'string',
    nullable: true,
    description: 'Of the oldest stored message.',
    example: '1795421814:0',
  })
  firstPosition!: string | null;

  @ApiProperty({
    type: 'string',
    nullable: true,
    description: 'The highest ever given here, whether its message is still stored or not.',
    example: '1795421814:2',
  })
  lastPosition!: string | null;

  @ApiProperty({ format: 'date-time', description: 'When it was made.', example: INSTANT })
  createdAt!: string;

  @ApiProperty({
    type: 'string',
    format: 'date-time',
    nullable: true,
    description: 'When a message was last published; null: never.',
    example: INSTANT,
  })
  lastPublishedAt!: string | null;

  @ApiProperty({
    type: 'string',
    format: 'date-time',
    nullable: true,
    description: 'When a subscriber last asked, whatever it was answered; null: never.',
    example: INSTANT,
  })
  lastPolledAt!: string | null;

  @ApiProperty({
    type: ChannelSettings,
    nullable: true,
    description: 'null: no location used it, only the device API, a plugin or an operator.',
  })
  settings!: ChannelSettings | null;
}

export class ChannelPage {
  @ApiProperty({ type: [ChannelState], description: 'In the order of their groups, then of their ids.' })
  channels!: ChannelState[];

  @ApiProperty({
    type: 'string',
    nullable: true,
    description: 'For `after`; null: there are no more.',
    example: 'WyIiLCJkZXZpY2VzL2Zhbi0xL2NvbW1hbmRzIl0',
  })
  next!: string | null;
}

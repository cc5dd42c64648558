import type { PresenceState } from '../devices/presence.js';
import { ADMIN_LIMITS } from './admin-limits.js';
import { ApiProperty, ApiPropertyOptional } from './documented.dto.js';
import { Anything, AttributeText, Cursor, OneOf, Text, WholeNumber } from './rules.js';

const { devicesPerPage } = ADMIN_LIMITS;
const PRESENCES: PresenceState[] = ['listening', 'expected', 'late', 'offline'];
const INSTANT = '2026-11-25T12:10:14.000Z';
const ATTRIBUTES = { type: 'object', additionalProperties: true, example: { site: 'north', floor: 3 } } as const;
const VERSION = { type: 'integer', nullable: true, example: 17 } as const;

export class DevicePageQuery {
  @OneOf(PRESENCES, 'bad_request')
  @ApiPropertyOptional({ enum: PRESENCES, description: 'Only devices of this presence.' })
  presence?: PresenceState;

  @AttributeText()
  @ApiPropertyOptional({ description: 'Only devices whose attribute has this value.', example: 'site=north' })
  attribute?: string;

  @AttributeText()
  @ApiPropertyOptional({
    description: 'Only devices whose attribute begins so; not beside `attribute`.',
    example: 'site=no',
  })
  attributePrefix?: string;

  @Cursor()
  @ApiPropertyOptional({ description: 'What the page before gave as `next`.', example: 'WyIiLCJmYW4tMSJd' })
  after?: string;

  @WholeNumber(1, devicesPerPage, 'invalid_limit')
  @ApiPropertyOptional({ type: 'integer', description: 'Devices on the page.', minimum: 1, maximum: devicesPerPage })
  limit = 100;
}

export class WhyQuery {
  @Text(64, 'bad_request')
  @ApiPropertyOptional({ description: 'Also what became of this command.', example: '01JDHG7Z9VQ4E4W6W6YV3S6K2M' })
  command?: string;
}

export class DeviceForm {
  @ApiPropertyOptional({ ...ATTRIBUTES, description: 'In place of those before; left out: none.' })
  @Anything()
  attributes?: unknown;
}

export class DeviceState {
  @ApiProperty({ example: 'fan-1', description: 'The id.' })
  id!: string;

  @ApiProperty({ description: 'Where it is found in this API.', example: '/admin/devices/fan-1' })
  href!: string;

  @ApiProperty({ ...ATTRIBUTES, description: 'What it was registered with.' })
  attributes!: Record<string, unknown>;

  @ApiProperty({ format: 'date-time', description: 'When it was registered.', example: INSTANT })
  registeredAt!: string;

  @ApiProperty({ enum: ['contact', 'request'], description: 'By its first contact, or by a request.' })
  registeredBy!: 'contact' | 'request';

  @ApiProperty({ type: 'integer', description: 'Changes with every change of the attributes.', example: 42 })
  revision!: number;

  @ApiProperty({ enum: PRESENCES, description: 'Whether it can be reached.' })
  presence!: PresenceState;

  @ApiProperty({
    type: 'string',
    format: 'date-time',
    nullable: true,
    description: 'When it was last heard of; null: never.',
    example: INSTANT,
  })
  lastContact!: string | null;

  @ApiProperty({
    type: 'string',
    format: 'date-time',
    nullable: true,
    description: 'When a command can reach it at the latest; null: that cannot be said.',
    example: INSTANT,
  })
  nextContactBy!: string | null;
}

export class LastEvent {
  @ApiProperty({ description: 'Its type; `$presence` is told by the hub.', example: 'temperature' })
  type!: string;

  @ApiProperty({ description: 'Of the newest.', example: '1795421814:0' })
  position!: string;

  @ApiProperty({ format: 'date-time', description: 'To the second.', example: INSTANT })
  at!: string;
}

export class DeviceDetail extends DeviceState {
  @ApiProperty({ type: [LastEvent], description: 'The newest event of each type whose channel is there, 100 at most.' })
  lastEvents!: LastEvent[];

  @ApiProperty({ ...VERSION, description: 'Of its desired state; null: it has none.' })
  desiredVersion!: number | null;

  @ApiProperty({ ...VERSION, description: 'Of the desired state that it said it has reached.' })
  reportedVersion!: number | null;
}

export class DevicePage {
  @ApiProperty({ type: [DeviceState], description: 'In the order of their ids, or of the attribute asked for.' })
  devices!: DeviceState[];

  @ApiProperty({
    type: 'string',
    nullable: true,
    description: 'For `after`; null: there are no more. A page may be short and still have one.',
    example: 'WyIiLCJmYW4tMSJd',
  })
  next!: string | null;
}

import type { JobState } from '../commands/jobs/progress.js';
import { ADMIN_LIMITS } from './admin-limits.js';
import { ApiProperty, ApiPropertyOptional } from './documented.dto.js';
import { OneOf, Text, WholeNumber } from './rules.js';

const { jobsPerPage } = ADMIN_LIMITS;
const STATES: readonly JobState['is'][] = ['RUNNING', 'PAUSED', 'STOPPED', 'CANCELED', 'DONE'];
const CAUSES = ['failures', 'canary_failed', 'canary_late', 'canceled', 'too_many_devices', 'abandoned'];
const ID = '01JDA0R9S3M6T5E1V7XQ2N8K4B';
const INSTANT = '2026-11-25T12:10:14.000Z';
const devices = (description: string, example: number) =>
  ({ type: 'integer', minimum: 0, description, example }) as const;

export class JobPageQuery {
  @OneOf(STATES, 'bad_request')
  @ApiPropertyOptional({ enum: STATES, description: 'Only jobs in this state.' })
  state?: JobState['is'];

  @Text(26, 'invalid_cursor')
  @ApiPropertyOptional({ description: 'What the page before gave as `next`.', example: ID })
  after?: string;

  @WholeNumber(1, jobsPerPage, 'invalid_limit')
  @ApiPropertyOptional({ type: 'integer', description: 'Jobs on the page.', minimum: 1, maximum: jobsPerPage })
  limit = 20;
}

/** A job's devices by how far they are; each is counted once below `total`. */
export class JobDeviceFigures {
  @ApiProperty(devices('Devices found so far.', 900))
  total!: number;

  @ApiPropertyOptional(devices('Not sent their command yet; of a job that is not over.', 560))
  waiting?: number;

  @ApiPropertyOptional(devices('Never sent their command; of a job that is over.', 0))
  notSent?: number;

  @ApiProperty(devices('Were sent their command, which has not ended.', 41))
  inFlight!: number;

  @ApiProperty(devices('Did it.', 296))
  succeeded!: number;

  @ApiProperty(devices('Told a result of 5xx.', 2))
  failed!: number;

  @ApiProperty(devices('Refused it, or told a result of 4xx.', 0))
  rejected!: number;

  @ApiProperty(devices('Told no result in time.', 1))
  timedOut!: number;

  @ApiProperty(devices('Used up all deliveries.', 0))
  dead!: number;

  @ApiProperty(devices('Did not come within the ttl.', 0))
  expired!: number;

  @ApiProperty(devices('Their command was canceled or taken back.', 0))
  canceled!: number;

  @ApiProperty(devices('Could not be sent it: their queue was full, or nothing may be sent to them.', 0))
  refused!: number;
}

export class JobSummary {
  @ApiProperty({ description: 'A ULID: later jobs sort behind earlier ones.', example: ID })
  id!: string;

  @ApiProperty({ description: 'Where it is found in this API.', example: `/admin/jobs/${ID}` })
  href!: string;

  @ApiProperty({ description: 'Of the command.', example: 'firmware.update' })
  name!: string;

  @ApiProperty({ enum: STATES, description: 'Whether it sends.' })
  state!: JobState['is'];

  @ApiPropertyOptional({ enum: CAUSES, description: 'Why it stopped or was canceled.' })
  cause?: string;

  @ApiPropertyOptional({
    format: 'date-time',
    description: 'Since when it is so; not while it runs.',
    example: INSTANT,
  })
  since?: string;

  @ApiProperty({ enum: ['selecting', 'canary', 'rollout'], description: 'How far it got.' })
  stage!: 'selecting' | 'canary' | 'rollout';

  @ApiPropertyOptional({
    format: 'date-time',
    description: 'By when all canaries must have succeeded.',
    example: INSTANT,
  })
  canaryUntil?: string;

  @ApiProperty({ description: 'Its devices.' })
  devices!: JobDeviceFigures;
}

export class JobDetail extends JobSummary {
  @ApiProperty({ format: 'date-time', description: 'When it was made.', example: INSTANT })
  createdAt!: string;

  @ApiPropertyOptional(devices('Devices that were listed; left out: they were asked for by the two below.', 900))
  listed?: number;

  @ApiPropertyOptional({ description: 'Of device ids.', example: 'fan-*' })
  pattern?: string;

  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: true,
    description: 'Values that devices must have, or what these begin with.',
    example: { site: 'north', model: { prefix: 'fan-' } },
  })
  attributes?: object;

  @ApiProperty({ description: 'Commands a second, minute or hour.', example: '10/s' })
  rate!: string;

  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: true,
    description: 'Which devices come first, and the seconds within which all of them must have succeeded.',
    example: { devices: 5, within: 3600 },
  })
  canary?: object;

  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: true,
    description: 'At which failures it stops by itself.',
    example: { percent: 5, atLeast: 20 },
  })
  stopOnFailure?: object;

  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    description: 'What each device gets.',
    example: { name: 'firmware.update', params: { version: 7 }, ack: 'result', ttl: 86_400 },
  })
  command!: object;
}

export class JobPage {
  @ApiProperty({ type: [JobSummary], description: 'The newest first.' })
  jobs!: JobSummary[];

  @ApiProperty({ type: 'string', nullable: true, description: 'Goes into `after` for the next page; null: none.' })
  next!: string | null;
}

import type { JobState } from '../commands/jobs/progress.js';
import { ADMIN_LIMITS } from './admin-limits.js';
import { aCount, anObject } from './described.js';
import { ApiProperty, ApiPropertyOptional } from './documented.dto.js';
import { OneOf, Text, WholeNumber } from './rules.js';

const { jobsPerPage } = ADMIN_LIMITS;
const STATES: readonly JobState['is'][] = ['RUNNING', 'PAUSED', 'STOPPED', 'CANCELED', 'DONE'];
const CAUSES = ['failures', 'canary_failed', 'canary_late', 'canceled', 'too_many_devices', 'abandoned'];
const ID = '01JDA0R9S3M6T5E1V7XQ2N8K4B';
const INSTANT = '2026-11-25T12:10:14.000Z';

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
  @ApiProperty(aCount('Devices found so far.', 900))
  total!: number;

  @ApiPropertyOptional(aCount('Not sent their command yet; of a job that is not over.', 560))
  waiting?: number;

  @ApiPropertyOptional(aCount('Never sent their command; of a job that is over.', 0))
  notSent?: number;

  @ApiProperty(aCount('Were sent their command, which has not ended.', 41))
  inFlight!: number;

  @ApiProperty(aCount('Did it.', 296))
  succeeded!: number;

  @ApiProperty(aCount('Told a result of 5xx.', 2))
  failed!: number;

  @ApiProperty(aCount('Refused it, or told a result of 4xx.', 0))
  rejected!: number;

  @ApiProperty(aCount('Told no result in time.', 1))
  timedOut!: number;

  @ApiProperty(aCount('Used up all deliveries.', 0))
  dead!: number;

  @ApiProperty(aCount('Did not come within the ttl.', 0))
  expired!: number;

  @ApiProperty(aCount('Their command was canceled or taken back.', 0))
  canceled!: number;

  @ApiProperty(aCount('Could not be sent it: their queue was full, or nothing may be sent to them.', 0))
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

  @ApiPropertyOptional(aCount('Devices that were listed; left out: they were asked for by the two below.', 900))
  listed?: number;

  @ApiPropertyOptional({ description: 'Of device ids.', example: 'fan-*' })
  pattern?: string;

  @ApiPropertyOptional(
    anObject('Values that devices must have, or what these begin with.', { site: 'north', model: { prefix: 'fan-' } }),
  )
  attributes?: object;

  @ApiProperty({ description: 'Commands a second, minute or hour.', example: '10/s' })
  rate!: string;

  @ApiPropertyOptional(
    anObject('Which devices come first, and the seconds within which all of them must have succeeded.', {
      devices: 5,
      within: 3600,
    }),
  )
  canary?: object;

  @ApiPropertyOptional(anObject('At which failures it stops by itself.', { percent: 5, atLeast: 20 }))
  stopOnFailure?: object;

  @ApiProperty(
    anObject('What each device gets.', { name: 'firmware.update', params: { version: 7 }, ack: 'result', ttl: 86_400 }),
  )
  command!: object;
}

export class JobPage {
  @ApiProperty({ type: [JobSummary], description: 'The newest first.' })
  jobs!: JobSummary[];

  @ApiProperty({ type: 'string', nullable: true, description: 'Goes into `after` for the next page; null: none.' })
  next!: string | null;
}

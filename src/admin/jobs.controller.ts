import { Controller, Delete, Get, HttpCode, Inject, Param, Query } from '@nestjs/common';
import type { ApiParamOptions } from '@nestjs/swagger';
import type { Logger } from '../telemetry/logger.js';
import { LOGGER } from '../telemetry/tokens.js';
import { ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiParam, ApiTags } from './documented.dto.js';
import { JobDetail, JobPage, JobPageQuery } from './job.dto.js';
import { KnownJobs } from './known-jobs.js';
import { NoQuery } from './no-query.js';
import { Fails } from './problem.dto.js';

const JOB_ID: ApiParamOptions = {
  name: 'id',
  description: "The job's id.",
  schema: { type: 'string', minLength: 1, maxLength: 26 },
  example: '01JDA0R9S3M6T5E1V7XQ2N8K4B',
};

/** Jobs, which send one command to many devices: looked at, and deleted once they are over. Producers steer them under /v1. */
@ApiTags('jobs')
@Controller('admin/jobs')
export class JobsController {
  constructor(
    private readonly known: KnownJobs,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  @Get()
  @ApiOperation({ operationId: 'listJobs', summary: 'Jobs, page by page' })
  @ApiOkResponse({ type: JobPage, description: 'A page.' })
  @Fails('bad_request', 'invalid_limit', 'invalid_cursor')
  list(@Query() query: JobPageQuery): Promise<JobPage> {
    return this.known.page(query);
  }

  @Get(':id')
  @ApiOperation({ operationId: 'getJob', summary: 'One job' })
  @ApiParam(JOB_ID)
  @ApiOkResponse({ type: JobDetail, description: 'How far it is, and what was asked for.' })
  @Fails('bad_request', 'job_not_found')
  get(@Param('id') id: string, @Query() _: NoQuery): Promise<JobDetail> {
    return this.known.detail(id);
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({
    operationId: 'deleteJob',
    summary: 'Delete the record of a job that is over',
    description: 'Its commands stay as they are.',
  })
  @ApiParam(JOB_ID)
  @ApiNoContentResponse({ description: 'It is gone.' })
  @Fails('bad_request', 'job_not_found', 'job_conflict')
  async remove(@Param('id') id: string, @Query() _: NoQuery): Promise<void> {
    await this.known.jobs.remove(id);
    this.logger.info({ job: id }, 'The record of a job was deleted by the admin API.');
  }
}

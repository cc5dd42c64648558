import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from './documented.dto.js';
import { HubStats } from './hub-stats.js';
import { NoQuery } from './no-query.js';
import { Fails } from './problem.dto.js';
import { Stats } from './stats.dto.js';

@ApiTags('hub')
@Controller('admin/stats')
export class StatsController {
  constructor(private readonly stats: HubStats) {}

  @Get()
  @ApiOperation({ operationId: 'getStats', summary: 'Figures of the hub' })
  @ApiOkResponse({ type: Stats, description: 'As they are now.' })
  @Fails('bad_request')
  get(@Query() _: NoQuery): Promise<Stats> {
    return this.stats.now();
  }
}

import { Controller, Get, Param, Query } from '@nestjs/common';
import { formatDuration } from '../config/units/duration.js';
import { tellCause } from '../logic/explaining/told-cause.js';
import { Plugins } from '../logic/plugin-status.js';
import type { WaitingTimer } from '../logic/store/waiting-timers.js';
import { instantText } from './channel-state.js';
import { ApiOkResponse, ApiOperation, ApiParam, ApiTags } from './documented.dto.js';
import { PLUGIN } from './plugin-name.dto.js';
import { Fails } from './problem.dto.js';
import { shownCause } from './shown-cause.js';
import { type PluginTimer, TimerPage, TimerPageQuery } from './timer.dto.js';

/** Timers that plugins have set. */
@ApiTags('plugins')
@Controller('admin/plugins/:name/timers')
export class TimersController {
  constructor(private readonly plugins: Plugins) {}

  @Get()
  @ApiOperation({ operationId: 'listTimers', summary: "A plugin's timers that wait, page by page" })
  @ApiParam(PLUGIN)
  @ApiOkResponse({ type: TimerPage, description: 'A page; empty when none is left.' })
  @Fails('bad_request', 'invalid_cursor', 'invalid_limit', 'plugin_not_found')
  async list(@Param('name') name: string, @Query() query: TimerPageQuery): Promise<TimerPage> {
    const { timers, next } = await this.plugins.timers(name, query);
    return { timers: timers.map(shown), next: next ?? null };
  }
}

function shown({ name, key, dueAt, everyMs, missed, data, cause }: WaitingTimer): PluginTimer {
  return {
    ...{ name, key, missed, dueAt: instantText(dueAt) as string },
    every: everyMs === undefined ? null : formatDuration(everyMs),
    data: data === undefined ? null : JSON.stringify(data),
    cause: shownCause(tellCause(cause), cause),
  };
}

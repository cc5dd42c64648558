import { Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import {
  type ShadowDifference as Found,
  Plugins,
  type ShadowReport as Report,
  type ShadowCommand,
} from '../logic/plugin-status.js';
import { ApiOkResponse, ApiOperation, ApiParam, ApiTags } from './documented.dto.js';
import { NoQuery } from './no-query.js';
import { PLUGIN } from './plugin-name.dto.js';
import { shadowState } from './plugin-states.js';
import { Fails } from './problem.dto.js';
import { type ComparedCommand, type ShadowDifference, ShadowReport } from './shadow.dto.js';

/** Candidate versions of plugins, compared with what runs. */
@ApiTags('plugins')
@Controller('admin/plugins/:name/shadow')
export class ShadowsController {
  constructor(private readonly plugins: Plugins) {}

  @Get()
  @ApiOperation({
    operationId: 'getShadow',
    summary: "How a plugin's candidate version does, and what it does otherwise",
  })
  @ApiParam(PLUGIN)
  @ApiOkResponse({ type: ShadowReport, description: 'Its figures, and the last differences.' })
  @Fails('bad_request', 'plugin_not_found', 'shadow_not_found')
  get(@Param('name') name: string, @Query() _: NoQuery): ShadowReport {
    return reportOf(this.plugins.shadow(name));
  }

  @Post('reload')
  @HttpCode(200)
  @ApiOperation({
    operationId: 'reloadShadow',
    summary: "Load the code of a plugin's candidate version anew and go on with it",
    description:
      'As with a plugin. It keeps its state and its place; what is told of differences begins anew. Only a candidate ' +
      'version in a worker can be loaded anew.',
  })
  @ApiParam(PLUGIN)
  @ApiOkResponse({ type: ShadowReport, description: 'The candidate version, with its new code.' })
  @Fails('bad_request', 'plugin_not_found', 'shadow_not_found', 'plugin_failed')
  async reload(@Param('name') name: string, @Query() _: NoQuery): Promise<ShadowReport> {
    return reportOf(await this.plugins.reloadShadow(name));
  }
}

function reportOf({ status, differences }: Report): ShadowReport {
  return { ...shadowState(status), differences: differences.map(shown) };
}

function shown({ at, live, shadow, ...rest }: Found): ShadowDifference {
  const sides = { live: live ? compared(live) : null, shadow: shadow ? compared(shadow) : null };
  return { ...rest, ...sides, at: new Date(at).toISOString() };
}

function compared({ at, ...command }: ShadowCommand): ComparedCommand {
  return { at: new Date(at).toISOString(), ...command };
}

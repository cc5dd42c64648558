import { Controller, Get, Param, Query } from '@nestjs/common';
import { type ShadowDifference as Found, Plugins, type ShadowCommand } from '../logic/plugin-status.js';
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
    const { status, differences } = this.plugins.shadow(name);
    return { ...shadowState(status), differences: differences.map(shown) };
  }
}

function shown({ at, live, shadow, ...rest }: Found): ShadowDifference {
  const sides = { live: live ? compared(live) : null, shadow: shadow ? compared(shadow) : null };
  return { ...rest, ...sides, at: new Date(at).toISOString() };
}

function compared({ at, ...command }: ShadowCommand): ComparedCommand {
  return { at: new Date(at).toISOString(), ...command };
}

import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { type PluginStatus, Plugins } from '../logic/plugin-status.js';
import { NoQuery } from './no-query.js';
import { PluginList, type PluginState } from './plugin.dto.js';
import { Fails } from './problem.dto.js';
import { shadowState } from './shadows.controller.js';

@ApiTags('hub')
@Controller('admin/plugins')
export class PluginsController {
  constructor(private readonly plugins: Plugins) {}

  @Get()
  @ApiOperation({ operationId: 'listPlugins', summary: 'Plugins, and what became of them' })
  @ApiOkResponse({ type: PluginList, description: 'All of them.' })
  @Fails('bad_request')
  list(@Query() _: NoQuery): PluginList {
    return { plugins: this.plugins.list().map(pluginState) };
  }
}

function pluginState({ version, from, reason, handlerMs, shadow, ...rest }: PluginStatus): PluginState {
  const optional = { version: version ?? null, from: from ?? null, reason: reason ?? null };
  return { ...rest, ...optional, handlerMs: handlerMs ?? null, shadow: shadow ? shadowState(shadow) : null };
}

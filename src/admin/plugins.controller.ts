import { Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { type PluginStatus, Plugins } from '../logic/plugin-status.js';
import { ApiOkResponse, ApiOperation, ApiParam, ApiTags } from './documented.dto.js';
import { NoQuery } from './no-query.js';
import { PluginList, PluginState } from './plugin.dto.js';
import { PLUGIN } from './plugin-name.dto.js';
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

  @Post(':name/reload')
  @HttpCode(200)
  @ApiOperation({
    operationId: 'reloadPlugin',
    summary: 'Load its code anew and go on with it',
    description:
      'The new one is made first; then turns that are open end, and the new one takes over. When it cannot be loaded or ' +
      'made, the old one goes on. Only a plugin in a worker can be loaded anew.',
  })
  @ApiParam(PLUGIN)
  @ApiOkResponse({ type: PluginState, description: 'The plugin, with its new version.' })
  @Fails('bad_request', 'plugin_not_found', 'plugin_failed')
  async reload(@Param('name') name: string, @Query() _: NoQuery): Promise<PluginState> {
    return pluginState(await this.plugins.reload(name));
  }
}

function pluginState({
  version,
  from,
  reason,
  isolation,
  worker,
  handlerMs,
  shadow,
  ...rest
}: PluginStatus): PluginState {
  const optional = { version: version ?? null, from: from ?? null, reason: reason ?? null };
  const run = { isolation: isolation ?? null, worker: worker ?? null, handlerMs: handlerMs ?? null };
  return { ...rest, ...optional, ...run, shadow: shadow ? shadowState(shadow) : null };
}

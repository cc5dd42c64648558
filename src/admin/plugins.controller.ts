import { Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { Plugins } from '../logic/plugin-status.js';
import { ApiOkResponse, ApiOperation, ApiParam, ApiTags } from './documented.dto.js';
import { NoQuery } from './no-query.js';
import { PluginList, PluginState } from './plugin.dto.js';
import { DescribedPlugin } from './plugin-description.dto.js';
import { PLUGIN } from './plugin-name.dto.js';
import { pluginState } from './plugin-states.js';
import { Fails } from './problem.dto.js';

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

  @Get(':name/description')
  @ApiOperation({
    operationId: 'describePlugin',
    summary: 'What its code says of itself, as it runs',
    description:
      'What it gets, what it may do and what it can be set to, with the defaults. What it is set to is not shown, nor a ' +
      'default that comes from the environment of the hub.',
  })
  @ApiParam(PLUGIN)
  @ApiOkResponse({ type: DescribedPlugin, description: 'The version that runs.' })
  @Fails('bad_request', 'plugin_not_found', 'plugin_failed')
  describe(@Param('name') name: string, @Query() _: NoQuery): DescribedPlugin {
    return this.plugins.describe(name);
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

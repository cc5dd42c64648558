import { Controller, Delete, Get, HttpCode, Inject, Param, Query } from '@nestjs/common';
import { channelNameOf } from '../channels/channel-key.js';
import type { Logger } from '../telemetry/logger.js';
import { LOGGER } from '../telemetry/tokens.js';
import { ChannelPage, ChannelPageQuery, ChannelQuery, ChannelState } from './channel.dto.js';
import { CHANNEL_ID } from './channel-id.dto.js';
import { checkChannelName } from './channel-name.js';
import { channelState } from './channel-state.js';
import { cursorOf, readCursor } from './cursor.js';
import { ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiParam, ApiTags } from './documented.dto.js';
import { KnownChannels } from './known-channels.js';
import { Fails } from './problem.dto.js';

/** Channels: which there are, how they are, and their end. */
@ApiTags('channels')
@Controller('admin/channels')
export class ChannelsController {
  constructor(
    private readonly known: KnownChannels,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  @Get()
  @ApiOperation({ operationId: 'listChannels', summary: 'Channels, page by page' })
  @ApiOkResponse({ type: ChannelPage, description: 'A page; empty when no channel is left.' })
  @Fails('bad_request', 'invalid_limit', 'invalid_cursor')
  list(@Query() { group, prefix, after, limit }: ChannelPageQuery): ChannelPage {
    const { channels } = this.known;
    const behind = after === undefined ? undefined : readCursor(after);
    const found = channels.list({ group, prefix, after: behind, limit: limit + 1 });
    const page = found.slice(0, limit);
    const last = found.length > limit ? page.at(-1) : undefined;
    return { channels: page.map(channelState), next: last ? cursorOf(channelNameOf(last.key)) : null };
  }

  @Get(':id')
  @ApiOperation({ operationId: 'getChannel', summary: 'One channel' })
  @ApiParam(CHANNEL_ID)
  @ApiOkResponse({ type: ChannelState, description: 'How it is now.' })
  @Fails('bad_request', 'invalid_channel_id', 'channel_not_found')
  get(@Param('id') id: string, @Query() { group }: ChannelQuery): ChannelState {
    return channelState(this.known.find(checkChannelName(id, group)));
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({
    operationId: 'deleteChannel',
    summary: 'Delete a channel',
    description: 'Its messages go, and polls that wait are answered 410.',
  })
  @ApiParam(CHANNEL_ID)
  @ApiNoContentResponse({ description: 'It is gone.' })
  @Fails('bad_request', 'invalid_channel_id', 'channel_not_found', 'engine_unavailable', 'log_full')
  async delete(@Param('id') id: string, @Query() { group }: ChannelQuery): Promise<void> {
    const { key } = this.known.find(checkChannelName(id, group));
    this.known.channels.delete(key);
    await this.known.channels.log.settled();
    this.logger.info({ channel: id, ...(group !== '' && { group }) }, 'A channel was deleted by the admin API.');
  }
}

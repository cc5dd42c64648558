import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { formatPosition, parsePosition } from '../engine/position.js';
import { ChannelQuery } from './channel.dto.js';
import { CHANNEL_ID } from './channel-id.dto.js';
import { checkChannelName } from './channel-name.js';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiParam, ApiTags } from './documented.dto.js';
import { publishByHand } from './hand-published.js';
import { KnownChannels } from './known-channels.js';
import { MessagePage, MessagePageQuery, NewMessageBody, PublishedMessage } from './message.dto.js';
import { messagePage } from './message-page.js';
import { Fails } from './problem.dto.js';

/** What a channel holds, and messages published by hand. */
@ApiTags('messages')
@Controller('admin/channels/:id/messages')
export class MessagesController {
  constructor(private readonly known: KnownChannels) {}

  @Get()
  @ApiOperation({
    operationId: 'listMessages',
    summary: "A channel's stored messages, page by page",
    description: 'Reading here is not a poll: nothing is counted as delivered and nothing is dropped.',
  })
  @ApiParam(CHANNEL_ID)
  @ApiOkResponse({ type: MessagePage, description: 'A page; empty when no message is left.' })
  @Fails(
    'bad_request',
    'invalid_channel_id',
    'invalid_position',
    'invalid_limit',
    'channel_not_found',
    'engine_unavailable',
  )
  list(@Param('id') id: string, @Query() { group, after, ...page }: MessagePageQuery): Promise<MessagePage> {
    const channel = this.known.find(checkChannelName(id, group));
    return messagePage(channel, { ...page, after: after === undefined ? undefined : parsePosition(after) });
  }

  @Post()
  @ApiOperation({
    operationId: 'publishMessage',
    summary: 'Publish a message',
    description: 'Makes the channel when there is none. It is kept by the settings in force, else by the defaults.',
  })
  @ApiParam(CHANNEL_ID)
  @ApiCreatedResponse({ type: PublishedMessage, description: 'It was published.' })
  @Fails(
    'bad_request',
    'bad_json',
    'invalid_channel_id',
    'body_too_large',
    'unsupported_media_type',
    'invalid_payload',
    'engine_unavailable',
    'channel_limit',
    'log_full',
  )
  async publish(
    @Param('id') id: string,
    @Query() { group }: ChannelQuery,
    @Body() body: NewMessageBody,
  ): Promise<PublishedMessage> {
    const { message, delivered } = await publishByHand(this.known.channels, checkChannelName(id, group), body);
    return { position: formatPosition(message.position), delivered };
  }
}

import { Controller, Get, Param, Query } from '@nestjs/common';
import { parsePosition } from '../engine/position.js';
import { checkChannelName } from './channel-name.js';
import { ApiOkResponse, ApiOperation, ApiParam, ApiQuery, ApiTags } from './documented.dto.js';
import { KnownReasons } from './known-reasons.js';
import { NoQuery } from './no-query.js';
import { Fails } from './problem.dto.js';
import { CausedStory, Story, WhyMessageQuery, WhyNotQuery } from './story.dto.js';
import { WhyTimerQuery } from './timer.dto.js';

/** Why a command was sent, a message published or a timer set, and why nothing was done. */
@ApiTags('why')
@Controller('admin')
export class WhyController {
  constructor(private readonly reasons: KnownReasons) {}

  @Get('why/commands/:id')
  @ApiOperation({ operationId: 'whyCommand', summary: 'Why a command was sent, and what became of it' })
  @ApiParam({
    name: 'id',
    description: "The command's id.",
    schema: { type: 'string', minLength: 1, maxLength: 64 },
    example: '01JDHG7Z9VQ4E4W6W6YV3S6K2M',
  })
  @ApiOkResponse({ type: CausedStory, description: 'Told in sentences.' })
  @Fails('bad_request', 'command_not_found')
  command(@Param('id') id: string, @Query() _: NoQuery): Promise<CausedStory> {
    return this.reasons.whyCommand(id);
  }

  @Get('why/messages')
  @ApiOperation({ operationId: 'whyMessage', summary: 'Who published a message, and what led to it' })
  @ApiOkResponse({ type: CausedStory, description: 'Told in sentences.' })
  @Fails(
    'bad_request',
    'invalid_channel_id',
    'invalid_position',
    'channel_not_found',
    'message_not_found',
    'engine_unavailable',
  )
  message(@Query() { channel, group, position }: WhyMessageQuery): Promise<CausedStory> {
    const asked = position === undefined ? undefined : parsePosition(position);
    return this.reasons.whyMessage(checkChannelName(channel, group), asked);
  }

  @Get('why/timers')
  @ApiOperation({ operationId: 'whyTimer', summary: 'Which turn set a timer that waits, and what led to it' })
  @ApiOkResponse({ type: CausedStory, description: 'Told in sentences; there are no steps.' })
  @Fails('bad_request', 'plugin_not_found', 'timer_not_found')
  timer(@Query() { plugin, name, key }: WhyTimerQuery): Promise<CausedStory> {
    return this.reasons.whyTimer(plugin, name, key);
  }

  @Get('why-not')
  @ApiOperation({
    operationId: 'whyNot',
    summary: 'Why a plugin did nothing about an event, or what it did',
    description: 'Turns are remembered in memory, the last 10,000 of a plugin since the start of the hub.',
  })
  @ApiQuery({
    name: 'event',
    description: 'Its channel, and behind an `@` its position; without a position the last one of the channel.',
    schema: { type: 'string', maxLength: 1_100 },
    example: 'devices/fan-1/events/temperature@1795421814:0',
  })
  @ApiQuery({
    name: 'plugin',
    description: "A plugin's name, or that of a logic server.",
    schema: { type: 'string', maxLength: 128 },
    example: 'thermostat',
  })
  @ApiOkResponse({ type: Story, description: 'Told in sentences.' })
  @Fails('bad_request', 'plugin_not_found')
  whyNot(@Query() { event, plugin }: WhyNotQuery): Promise<Story> {
    return this.reasons.whyNot(plugin, event);
  }
}

import { Controller, Get, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import type { ApiParamOptions } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type Caller, type HandedTurn, LogicServers } from '../logic/external/logic-servers.js';
import {
  ApiBody,
  ApiHeader,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiTags,
} from './documented.dto.js';
import { LeasedTurn, NextTurnsQuery, TurnStateQuery, TurnStateValues } from './logic-turn.dto.js';
import { NoQuery } from './no-query.js';
import { Fails } from './problem.dto.js';
import { TurnReply } from './turn-reply.dto.js';

const SERVER: ApiParamOptions = {
  name: 'name',
  description: 'Its name in `logic_servers` of the configuration.',
  schema: { type: 'string', minLength: 1, maxLength: 128 },
  example: 'heating',
};
const LOCK: ApiParamOptions = {
  name: 'lock',
  description: 'The lock that the turn came with.',
  schema: { type: 'string', minLength: 1, maxLength: 64 },
  example: 'k3YqT2uWx8Zr5nAb',
};
const TOKEN = {
  name: 'Authorization',
  required: false,
  description: '`Bearer TOKEN`, when `token` is configured.',
} as const;

/** Turns of logic servers that run outside of the hub: handed out, answered. */
@ApiTags('logic servers')
@ApiHeader(TOKEN)
@Controller('v1/logic/:name/turns')
export class LogicTurnsController {
  constructor(private readonly servers: LogicServers) {}

  @Post('next')
  @HttpCode(200)
  @ApiOperation({
    operationId: 'nextTurns',
    summary: 'Take the next turns, or wait for one',
    description: 'Turns of one key are handed out one after the other. Each has to be answered within its lease.',
  })
  @ApiParam(SERVER)
  @ApiOkResponse({ type: [LeasedTurn], description: 'One turn or more.' })
  @ApiNoContentResponse({ description: 'None came in time.' })
  @Fails('bad_request', 'unauthorized', 'plugin_not_found', 'too_many_polls', 'plugin_failed', 'stopping')
  async next(
    @Param('name') name: string,
    @Query() { wait, max }: NextTurnsQuery,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<readonly HandedTurn[] | undefined> {
    const poll = this.servers.nextTurns(callerOf(name, request), { waitMs: wait * 1000, max });
    reply.raw.once('close', () => poll.cancel());
    const turns = await poll.turns;
    if (turns.length > 0) return turns;
    reply.code(204);
    return undefined;
  }

  @Post(':lock')
  @HttpCode(204)
  @ApiOperation({
    operationId: 'answerTurn',
    summary: 'Say what a turn came to',
    description: 'All that it asks for is done in one commit, or nothing. The same lock again changes nothing.',
  })
  @ApiParam(SERVER)
  @ApiParam(LOCK)
  @ApiBody({ type: TurnReply, description: '`{}`: it is done, and there is nothing to do.' })
  @ApiNoContentResponse({ description: 'It is done, or its failure is noted.' })
  @Fails(
    'bad_request',
    'bad_json',
    'unauthorized',
    'not_granted',
    'turn_not_found',
    'plugin_not_found',
    'revision_conflict',
    'lock_lost',
    'body_too_large',
    'unsupported_media_type',
    'invalid_payload',
    'turn_limit',
    'rate_exceeded',
    'queue_full',
    'job_limit',
    'engine_unavailable',
    'stopping',
    'state_full',
    'timer_limit',
    'outbox_full',
    'log_full',
    'loop_broken',
  )
  async answer(
    @Param('name') name: string,
    @Param('lock') lock: string,
    @Query() _: NoQuery,
    @Req() request: FastifyRequest,
  ): Promise<void> {
    await this.servers.answerTurn(callerOf(name, request), lock, request.body);
  }

  @Get(':lock/state')
  @ApiOperation({
    operationId: 'readTurnState',
    summary: 'Read what the logic server keeps, for a turn that is out',
    description:
      'A value that was read and that the turn then sets is written only if nobody has changed it meanwhile.',
  })
  @ApiParam(SERVER)
  @ApiParam(LOCK)
  @ApiOkResponse({ type: TurnStateValues, description: 'The values.' })
  @Fails('bad_request', 'unauthorized', 'turn_not_found', 'plugin_not_found', 'lock_lost', 'invalid_payload')
  async state(
    @Param('name') name: string,
    @Param('lock') lock: string,
    @Query() { key, name: one, prefix }: TurnStateQuery,
    @Req() request: FastifyRequest,
  ): Promise<TurnStateValues> {
    const values = await this.servers.readState(callerOf(name, request), lock, { key, name: one, prefix });
    return { values: [...values] };
  }
}

function callerOf(server: string, { headers }: FastifyRequest): Caller {
  return { server, authorization: headers.authorization };
}

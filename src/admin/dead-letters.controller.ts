import { Controller, Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import type { ApiParamOptions } from '@nestjs/swagger';
import { type DeadLetter as Letter, Plugins } from '../logic/plugin-status.js';
import { DeadLetter, DeadLetterPage, DeadLetterQuery, Redriven } from './dead-letter.dto.js';
import { ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiParam, ApiTags } from './documented.dto.js';
import { NoQuery } from './no-query.js';
import { PLUGIN } from './plugin-name.dto.js';
import { Fails } from './problem.dto.js';

const LETTER: ApiParamOptions = {
  name: 'letter',
  description: "The dead letter's id.",
  schema: { type: 'string', minLength: 1, maxLength: 26 },
  example: '01JDJ8ZC5R6Q8V2E4N7T9X3K1M',
};

/** Turns that a plugin gave up for good: read, driven again, deleted. */
@ApiTags('plugins')
@Controller('admin/plugins/:name/dead-letters')
export class DeadLettersController {
  constructor(private readonly plugins: Plugins) {}

  @Get()
  @ApiOperation({ operationId: 'listDeadLetters', summary: 'Turns that a plugin gave up for good, page by page' })
  @ApiParam(PLUGIN)
  @ApiOkResponse({ type: DeadLetterPage, description: 'A page; empty when none is left.' })
  @Fails('bad_request', 'invalid_cursor', 'invalid_limit', 'plugin_not_found')
  async list(@Param('name') name: string, @Query() { after = '', limit }: DeadLetterQuery): Promise<DeadLetterPage> {
    const letters = await this.plugins.deadLetters(name, after, limit);
    return { letters: letters.map(shown), next: letters.length < limit ? null : (letters.at(-1)?.id ?? null) };
  }

  @Get(':letter')
  @ApiOperation({ operationId: 'getDeadLetter', summary: 'One of them' })
  @ApiParam(PLUGIN)
  @ApiParam(LETTER)
  @ApiOkResponse({ type: DeadLetter, description: 'The dead letter.' })
  @Fails('bad_request', 'plugin_not_found', 'dead_letter_not_found')
  async get(@Param('name') name: string, @Param('letter') letter: string, @Query() _: NoQuery): Promise<DeadLetter> {
    return shown(await this.plugins.deadLetter(name, letter));
  }

  @Post(':letter/redrive')
  @HttpCode(200)
  @ApiOperation({
    operationId: 'redriveDeadLetter',
    summary: 'Call the handler once more',
    description: 'Waits for the turn. When it fails again, the letter stays, with its newest error.',
  })
  @ApiParam(PLUGIN)
  @ApiParam(LETTER)
  @ApiOkResponse({ type: Redriven, description: 'What came of it.' })
  @Fails('bad_request', 'plugin_not_found', 'dead_letter_not_found', 'plugin_failed')
  async redrive(@Param('name') name: string, @Param('letter') letter: string, @Query() _: NoQuery): Promise<Redriven> {
    const { isDone, error } = await this.plugins.redrive(name, letter);
    return { isDone, error: error ?? null };
  }

  @Delete(':letter')
  @HttpCode(204)
  @ApiOperation({ operationId: 'deleteDeadLetter', summary: 'Delete one of them: it is never tried again' })
  @ApiParam(PLUGIN)
  @ApiParam(LETTER)
  @ApiNoContentResponse({ description: 'It is deleted.' })
  @Fails('bad_request', 'plugin_not_found', 'dead_letter_not_found')
  async remove(@Param('name') name: string, @Param('letter') letter: string, @Query() _: NoQuery): Promise<void> {
    await this.plugins.deleteDeadLetter(name, letter);
  }
}

function shown({ at, ...letter }: Letter): DeadLetter {
  return { ...letter, at: new Date(at).toISOString() };
}

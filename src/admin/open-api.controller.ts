import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags, DocumentBuilder, type OpenAPIObject } from '@nestjs/swagger';
import { NoQuery } from './no-query.js';
import { Fails } from './problem.dto.js';

/** Holds the document, which is made of the application when that is built. */
export class OpenApi {
  document: OpenAPIObject | undefined;
}

/** @param version of the hub, whose API this is */
export function openApiFrame(version: string): Omit<OpenAPIObject, 'paths'> {
  return new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Signalbox admin API')
    .setDescription(
      'For the operators of a hub. It knows no users: let only those reach its address who may do everything.',
    )
    .setVersion(version)
    .addTag('channels', 'Which channels there are, and how they are')
    .addTag('messages', 'What a channel holds')
    .addTag('devices', 'Which devices there are, and what became of them')
    .addTag('jobs', 'Commands for many devices')
    .addTag('plugins', 'Turns that plugins gave up for good')
    .addTag('logic servers', 'Turns of logic servers that run outside of the hub')
    .addTag('why', 'Why something was sent, or was not')
    .addTag('hub', 'The hub as a whole')
    .addTag('health', 'For supervisors and load balancers')
    .build();
}

@ApiTags('hub')
@Controller('admin/openapi.json')
export class OpenApiController {
  constructor(private readonly openApi: OpenApi) {}

  @Get()
  @ApiOperation({ operationId: 'getOpenApi', summary: 'This document' })
  @ApiOkResponse({
    description: 'An OpenAPI 3.1 document.',
    schema: { type: 'object', properties: { openapi: { type: 'string' }, paths: { type: 'object' } } },
  })
  @Fails('bad_request')
  get(@Query() _: NoQuery): OpenAPIObject | undefined {
    return this.openApi.document;
  }
}

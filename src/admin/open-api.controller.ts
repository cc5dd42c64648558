import { Controller, Get, type INestApplication, Query } from '@nestjs/common';
import type { DocumentBuilder, OpenAPIObject } from '@nestjs/swagger';
import { ApiOkResponse, ApiOperation, ApiTags, loadSwagger } from './documented.dto.js';
import { NoQuery } from './no-query.js';
import { Fails } from './problem.dto.js';

/** The document of an application. It is made when it is asked for first. */
export class OpenApi {
  private made: Promise<OpenAPIObject> | undefined = undefined;

  /** @param version of the hub, whose API this is */
  constructor(
    private readonly application: () => INestApplication,
    private readonly version: string,
  ) {}

  document(): Promise<OpenAPIObject> {
    this.made ??= this.make();
    return this.made;
  }

  private async make(): Promise<OpenAPIObject> {
    const { DocumentBuilder, SwaggerModule } = await loadSwagger();
    return SwaggerModule.createDocument(this.application(), frame(new DocumentBuilder(), this.version));
  }
}

function frame(builder: DocumentBuilder, version: string): Omit<OpenAPIObject, 'paths'> {
  return builder
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
  get(@Query() _: NoQuery): Promise<OpenAPIObject> {
    return this.openApi.document();
  }
}

import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Put, Query } from '@nestjs/common';
import type { ApiParamOptions } from '@nestjs/swagger';
import type { Attributes } from '../devices/registry/attributes.js';
import type { Logger } from '../telemetry/logger.js';
import { LOGGER } from '../telemetry/tokens.js';
import { DeviceDetail, DeviceForm, DevicePage, DevicePageQuery, WhyQuery } from './device.dto.js';
import { ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiParam, ApiTags } from './documented.dto.js';
import { KnownDevices } from './known-devices.js';
import { NoQuery } from './no-query.js';
import { Fails } from './problem.dto.js';
import { Story } from './story.dto.js';

const DEVICE_ID: ApiParamOptions = {
  name: 'id',
  description: "The device's id.",
  schema: { type: 'string', minLength: 1, maxLength: 128 },
  example: 'fan-1',
};

/** Devices: which there are, how they are, and what became of them. */
@ApiTags('devices')
@Controller('admin/devices')
export class DevicesController {
  constructor(
    private readonly known: KnownDevices,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  @Get()
  @ApiOperation({ operationId: 'listDevices', summary: 'Devices, page by page' })
  @ApiOkResponse({ type: DevicePage, description: 'A page.' })
  @Fails('bad_request', 'invalid_limit', 'invalid_cursor')
  list(@Query() query: DevicePageQuery): Promise<DevicePage> {
    return this.known.page(query);
  }

  @Get(':id')
  @ApiOperation({ operationId: 'getDevice', summary: 'One device' })
  @ApiParam(DEVICE_ID)
  @ApiOkResponse({ type: DeviceDetail, description: 'How it is now.' })
  @Fails('bad_request', 'device_not_found')
  get(@Param('id') id: string, @Query() _: NoQuery): Promise<DeviceDetail> {
    return this.known.detail(id);
  }

  @Put(':id')
  @ApiOperation({ operationId: 'putDevice', summary: 'Register a device, or give it other attributes' })
  @ApiParam(DEVICE_ID)
  @ApiOkResponse({ type: DeviceDetail, description: 'It is registered.' })
  @Fails(
    'bad_request',
    'bad_json',
    'invalid_device_id',
    'device_gone',
    'body_too_large',
    'unsupported_media_type',
    'invalid_payload',
    'device_limit',
  )
  async put(@Param('id') id: string, @Query() _: NoQuery, @Body() form: DeviceForm): Promise<DeviceDetail> {
    const attributes = (form.attributes ?? {}) as Attributes;
    const { isNew } = await this.known.parts.devices.registry.register(id, { attributes, asOperator: true });
    if (isNew) this.logger.info({ device: id }, 'A device was registered by the admin API.');
    return this.known.detail(id);
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({
    operationId: 'deleteDevice',
    summary: 'Delete a device',
    description: 'Its channels and records go, and its polls that wait are answered 410.',
  })
  @ApiParam(DEVICE_ID)
  @ApiNoContentResponse({ description: 'It is gone.' })
  @Fails('bad_request', 'device_not_found', 'device_gone')
  async delete(@Param('id') id: string, @Query() _: NoQuery): Promise<void> {
    await this.known.parts.devices.registry.delete(id);
    this.logger.info({ device: id }, 'A device was deleted by the admin API.');
  }

  @Get(':id/why')
  @ApiOperation({ operationId: 'getDeviceStory', summary: 'What a device did last, and what became of a command' })
  @ApiParam(DEVICE_ID)
  @ApiOkResponse({ type: Story, description: 'Told in sentences.' })
  @Fails('bad_request', 'device_not_found', 'command_not_found')
  why(@Param('id') id: string, @Query() { command }: WhyQuery): Promise<Story> {
    return this.known.story(id, command);
  }
}

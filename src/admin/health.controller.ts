import { Controller, Get } from '@nestjs/common';
import { HubError } from '../channels/hub-error.js';
import { ApiOkResponse, ApiOperation, ApiTags } from './documented.dto.js';
import { Health, Ready } from './health.dto.js';
import { Fails } from './problem.dto.js';
import { Readiness } from './readiness.js';

/** For those who restart a hub that hangs, and for those who send it devices. Parameters are ignored here. */
@ApiTags('health')
@Controller()
export class HealthController {
  constructor(private readonly readiness: Readiness) {}

  @Get('healthz')
  @ApiOperation({ operationId: 'getHealth', summary: 'Whether the process answers' })
  @ApiOkResponse({ type: Health, description: 'It does.' })
  @Fails()
  health(): Health {
    return { status: 'ok' };
  }

  @Get('readyz')
  @ApiOperation({
    operationId: 'getReadiness',
    summary: 'Whether devices may be sent here',
    description: 'Not before everything listens, and not while the hub stops.',
  })
  @ApiOkResponse({ type: Ready, description: 'They may.' })
  @Fails('starting', 'stopping')
  ready(): Ready {
    const { state } = this.readiness;
    if (state === 'starting') throw new HubError('starting', 'The hub does not listen everywhere yet.');
    if (state === 'stopping') throw new HubError('stopping', 'The hub is about to stop.');
    return { status: 'ready' };
  }
}

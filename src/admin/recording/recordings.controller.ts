import { Controller, Get, Query, StreamableFile } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '../documented.dto.js';
import { Fails } from '../problem.dto.js';
import { Recorders } from './recorders.js';
import { RECORDING_TYPE, RecordingQuery } from './recording.dto.js';

/** What happens on a hub, as it happens. */
@ApiTags('hub')
@Controller('admin/recording')
export class RecordingsController {
  constructor(private readonly recorders: Recorders) {}

  @Get()
  @ApiOperation({
    operationId: 'record',
    summary: 'Events, commands and outcomes as they come',
    description:
      'A line of JSON each, as docs/recordings.md tells, without end. An empty line after 15 s of silence shows that the ' +
      'hub is there. Who reads slower than the hub goes on is told how much was left out.',
  })
  @ApiOkResponse({
    description: 'The first line tells what it is; each further one is an event, a command, an outcome or a gap.',
    content: { [RECORDING_TYPE]: { schema: { type: 'string' } } },
  })
  @Fails('bad_request', 'recording_limit', 'stopping')
  record(@Query() { pattern, from }: RecordingQuery): StreamableFile {
    const patterns = [pattern].flat();
    return new StreamableFile(this.recorders.open({ patterns, from: startOf(from) }), { type: RECORDING_TYPE });
  }
}

/** @returns unix ms; undefined: the present */
function startOf(from: string): number | undefined {
  if (from === 'now') return undefined;
  return from === 'oldest' ? 0 : Date.parse(from);
}

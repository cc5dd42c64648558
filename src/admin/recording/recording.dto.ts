import { ApiPropertyOptional } from '../documented.dto.js';
import { ChannelPatterns, Start } from '../rules.js';

/** NDJSON. */
export const RECORDING_TYPE = 'application/x-ndjson';

export class RecordingQuery {
  @ChannelPatterns('bad_request')
  @ApiPropertyOptional({
    description: 'Only channels that match; may be given up to 16 times.',
    oneOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' }, maxItems: 16 }],
    default: 'devices/#',
    example: 'devices/fan-1/#',
  })
  pattern: string | string[] = 'devices/#';

  @Start('bad_request')
  @ApiPropertyOptional({
    description:
      '`now`; `oldest`: what the hub keeps comes first; or a time: what it keeps of the time since then comes first.',
    example: '2026-11-23T08:16:54.310Z',
  })
  from: string = 'now';
}

import type { ApiParamOptions } from '@nestjs/swagger';

/** The id in a path, for the OpenAPI document. */
export const CHANNEL_ID: ApiParamOptions = {
  name: 'id',
  description:
    'The id as one segment, percent-encoded as UTF-8: `/` is `%2F`, and an id that has `%2F` in it on the wire is `%252F`.',
  schema: { type: 'string', minLength: 1, maxLength: 8192 },
  example: 'devices/fan-1/commands',
};

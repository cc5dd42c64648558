import type { ApiParamOptions } from '@nestjs/swagger';

/** A plugin's name in a path. */
export const PLUGIN: ApiParamOptions = {
  name: 'name',
  description: "The plugin's name.",
  schema: { type: 'string', minLength: 1, maxLength: 128 },
  example: 'thermostat',
};

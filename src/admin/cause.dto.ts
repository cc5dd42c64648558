import { ApiProperty } from './documented.dto.js';

/** What brought a message or a timer about. All but the sentence is null where it was no plugin. */
export class ShownCause {
  @ApiProperty({
    description: 'The same in a sentence.',
    example:
      'thermostat.regulate of "thermostat" 1.1.0 asked for it in its turn for event devices/fan-1/events/temperature 1795421814:0.',
  })
  sentence!: string;

  @ApiProperty({
    type: 'string',
    nullable: true,
    description: 'The plugin, or the logic server.',
    example: 'thermostat',
  })
  plugin!: string | null;

  @ApiProperty({ type: 'string', nullable: true, description: 'Its version.', example: '1.1.0' })
  version!: string | null;

  @ApiProperty({ type: 'string', nullable: true, description: 'The method.', example: 'thermostat.regulate' })
  handler!: string | null;

  @ApiProperty({
    type: 'string',
    nullable: true,
    description: 'What its turn was for, as dead letters have it; `pipeline`: it is no turn but a pipeline.',
    example: 'event devices/fan-1/events/temperature 1795421814:0',
  })
  by!: string | null;

  @ApiProperty({
    type: 'integer',
    nullable: true,
    description: 'Turns in a row that caused each other, this one included; 1 for what a device reported.',
    example: 1,
  })
  depth!: number | null;
}

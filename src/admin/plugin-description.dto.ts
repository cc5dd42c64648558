import type {
  HandlerDescription,
  PluginDescription,
  ServerDescription,
  SettingDescription,
} from '../logic/inspection/description.js';
import { ANYTHING } from './described.js';
import { ApiProperty, ApiPropertyOptional } from './documented.dto.js';

const KINDS: readonly HandlerDescription['kind'][] = ['event', 'outcome', 'timer', 'outbox', 'pipeline'];

/** A method that the hub calls. */
export class DescribedHandler implements HandlerDescription {
  @ApiProperty({ enum: KINDS, description: 'What it is called for.' })
  kind!: HandlerDescription['kind'];

  @ApiProperty({
    description: 'The pattern of events, or the name of the command, the timer or the outbox.',
    example: 'devices/+/events/temperature',
  })
  of!: string;

  @ApiProperty({ description: 'Its name in the code.', example: 'regulate' })
  method!: string;
}

/** A logic server as its decorator was told. */
export class DescribedServer implements ServerDescription {
  @ApiProperty({ description: 'As its decorator says.', example: 'thermostat' })
  name!: string;

  @ApiProperty({ description: 'That of its code.', example: '1.2.0' })
  version!: string;

  @ApiPropertyOptional({ type: 'object', additionalProperties: true, description: 'What it may do.' })
  grants?: NonNullable<ServerDescription['grants']>;

  @ApiPropertyOptional({ type: 'object', additionalProperties: true, description: 'How it is run.' })
  run?: NonNullable<ServerDescription['run']>;

  @ApiProperty({ type: [DescribedHandler], description: 'Its methods that the hub calls.' })
  handlers!: readonly DescribedHandler[];
}

/** A key of its settings. What it is set to is shown nowhere. */
export class DescribedSetting implements SettingDescription {
  @ApiProperty({ description: 'Its name under config.', example: 'limit' })
  key!: string;

  @ApiPropertyOptional({
    ...ANYTHING,
    description: 'Left out: there is none, JSON cannot say it, or it is hidden.',
    example: 28,
  })
  default?: unknown;

  @ApiPropertyOptional({
    enum: [true],
    description: 'Its default comes from the environment of the hub, and may be a secret.',
  })
  isHidden?: true;

  @ApiProperty({ type: [String], description: 'Rules for its value, with their arguments.', example: ['isNumber'] })
  rules!: readonly string[];
}

/** What a plugin's code says of itself. */
export class DescribedPlugin implements PluginDescription {
  @ApiProperty({ type: [DescribedServer], description: 'Its logic servers.' })
  servers!: readonly DescribedServer[];

  @ApiProperty({ type: [DescribedSetting], description: 'What it can be set to.' })
  settings!: readonly DescribedSetting[];
}

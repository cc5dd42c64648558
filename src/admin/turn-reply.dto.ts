import { ANYTHING, anObject, aText } from './described.js';
import { ApiExtraModels, ApiProperty, ApiPropertyOptional } from './documented.dto.js';

export class AskedCommand {
  @ApiProperty(aText('The device.', 'fan-1'))
  device!: string;

  @ApiProperty(aText('The name.', 'fan.set'))
  name!: string;

  @ApiPropertyOptional({ ...ANYTHING, example: { on: true } })
  params?: unknown;

  @ApiPropertyOptional(aText('How long it may wait for its device.', '10m'))
  ttl?: string;

  @ApiPropertyOptional(aText('How long the device may take for a result.', '30s'))
  timeout?: string;

  @ApiPropertyOptional({ enum: ['none', 'delivered', 'result'], description: 'The least that counts as success.' })
  ack?: string;

  @ApiPropertyOptional(aText('Takes the place of those with the same key that still wait.', 'fan'))
  key?: string;

  @ApiPropertyOptional(aText('Commands of one lane stay in order; `urgent` passes all others.', 'main'))
  lane?: string;

  @ApiPropertyOptional({
    type: 'integer',
    minimum: 0,
    maximum: 9,
    description: 'Higher ones overtake lower ones.',
    example: 0,
  })
  priority?: number;
}

export class AskedJob {
  @ApiPropertyOptional({
    ...ANYTHING,
    description: 'A list of ids, or `{ pattern, attributes }` for those registered that fit. Or `cancel`.',
    example: { pattern: 'fan-*' },
  })
  devices?: unknown;

  @ApiPropertyOptional(
    aText('The id of a job that it has started, and that is cancelled.', '01JDHG7Z9VQ4E4W6W6YV3S6K2M'),
  )
  cancel?: string;

  @ApiPropertyOptional(aText('The name of the command.', 'fan.reset'))
  name?: string;

  @ApiPropertyOptional({ ...ANYTHING, example: { on: true } })
  params?: unknown;

  @ApiPropertyOptional(aText('Commands a second, minute or hour.', '10/s'))
  rate?: string;

  @ApiPropertyOptional(anObject('The first devices, which must all succeed in time.', { devices: 5, within: '1h' }))
  canary?: object;

  @ApiPropertyOptional(anObject('Stops it at so many failures.', { count: 3 }))
  stopOnFailure?: object;

  @ApiPropertyOptional(aText('As of a command, as `timeout`, `ack`, `key`, `lane` and `priority` are.', '10m'))
  ttl?: string;

  @ApiPropertyOptional(aText('As of a command.', '30s'))
  timeout?: string;

  @ApiPropertyOptional({ enum: ['none', 'delivered', 'result'], description: 'As of a command.' })
  ack?: string;

  @ApiPropertyOptional(aText('As of a command.', 'fan'))
  key?: string;

  @ApiPropertyOptional(aText('As of a command.', 'main'))
  lane?: string;

  @ApiPropertyOptional({ type: 'integer', minimum: 0, maximum: 9, description: 'As of a command.', example: 0 })
  priority?: number;
}

export class AskedMessage {
  @ApiProperty(aText('The id of the channel.', 'plant/alarms'))
  channel!: string;

  @ApiPropertyOptional({ ...ANYTHING, description: 'A text goes as it is, all else as JSON. Or `base64`.' })
  body?: unknown;

  @ApiPropertyOptional(aText('Bytes, in place of `body`.', 'AQID'))
  base64?: string;

  @ApiPropertyOptional(aText('By default `text/plain`, `application/json`, or none for bytes.', 'text/plain'))
  contentType?: string;
}

export class AskedState {
  @ApiProperty(aText('The name of the value.', 'on'))
  name!: string;

  @ApiPropertyOptional(aText('What it is kept for, usually a device; left out: for all together.', 'fan-1'))
  key?: string;

  @ApiPropertyOptional({ ...ANYTHING, description: 'The value. Or `delete`.', example: true })
  value?: unknown;

  @ApiPropertyOptional({ type: 'boolean', enum: [true], description: 'true: it is deleted.' })
  delete?: boolean;
}

export class AskedTimer {
  @ApiProperty(aText('One of `timers` of the configuration.', 'fan-off'))
  name!: string;

  @ApiPropertyOptional(aText("A device's id or a text like one; left out: the turn's own key.", 'fan-1'))
  key?: string;

  @ApiPropertyOptional(aText('When it is due. Or `cancel`.', '15m'))
  after?: string;

  @ApiPropertyOptional({ type: 'boolean', enum: [true], description: 'true: it is cancelled.' })
  cancel?: boolean;

  @ApiPropertyOptional(aText('Repeats it, each time that much later.', '1h'))
  every?: string;

  @ApiPropertyOptional({ enum: ['fireOnce', 'skip', 'each'], description: 'What becomes of it when it was missed.' })
  missed?: string;

  @ApiPropertyOptional({ ...ANYTHING, description: 'It comes back with the timer.' })
  data?: unknown;
}

export class AskedItem {
  @ApiProperty(aText('One of `outbox` of the configuration.', 'mail'))
  name!: string;

  @ApiPropertyOptional({ ...ANYTHING, description: 'It comes back with the item.' })
  data?: unknown;

  @ApiPropertyOptional(aText('Items of one key are done one after the other; left out: each for itself.', 'fan-1'))
  key?: string;
}

/** What a turn came to. Read by the logic room, which tells everything that is wrong with it at once. */
@ApiExtraModels(AskedCommand, AskedJob, AskedMessage, AskedState, AskedTimer, AskedItem)
export class TurnReply {
  @ApiPropertyOptional({ type: [AskedCommand], description: 'Commands to send.' })
  commands?: AskedCommand[];

  @ApiPropertyOptional({
    type: [AskedJob],
    description: 'Jobs to start, one command for many devices each, or to cancel.',
  })
  jobs?: AskedJob[];

  @ApiPropertyOptional({ type: [AskedMessage], description: 'Messages to publish.' })
  messages?: AskedMessage[];

  @ApiPropertyOptional({ type: [AskedState], description: 'Values of its state to set or delete.' })
  state?: AskedState[];

  @ApiPropertyOptional({ type: [AskedTimer], description: 'Timers to set or cancel.' })
  timers?: AskedTimer[];

  @ApiPropertyOptional({ type: [AskedItem], description: 'What is to be done outside.' })
  outbox?: AskedItem[];

  @ApiPropertyOptional(aText('Alone: there is nothing to do, and why.', 'below the limit'))
  skip?: string;

  @ApiPropertyOptional(aText('Alone: it failed, and why. It comes again.', 'the price service does not answer'))
  reject?: string;
}

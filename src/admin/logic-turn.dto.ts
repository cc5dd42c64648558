import type { HandedTurn as Handed } from '../logic/external/logic-servers.js';
import { ADMIN_LIMITS } from './admin-limits.js';
import { ANYTHING, anObject } from './described.js';
import { ApiProperty, ApiPropertyOptional } from './documented.dto.js';
import { Text, WholeNumber } from './rules.js';

const { turnsPerAnswer, maxTurnWaitSeconds } = ADMIN_LIMITS;
const KINDS: readonly Handed['kind'][] = ['event', 'outcome', 'timer', 'outbox'];

export class NextTurnsQuery {
  @WholeNumber(0, maxTurnWaitSeconds, 'bad_request')
  @ApiPropertyOptional({
    type: 'integer',
    description: 'Seconds to wait when there is no turn.',
    minimum: 0,
    maximum: maxTurnWaitSeconds,
  })
  wait = 30;

  @WholeNumber(1, turnsPerAnswer, 'bad_request')
  @ApiPropertyOptional({
    type: 'integer',
    description: 'Turns in the answer, at most; 1 MiB of payloads ends it sooner.',
    minimum: 1,
    maximum: turnsPerAnswer,
  })
  max = 1;
}

export class TurnStateQuery {
  @Text(128, 'bad_request')
  @ApiPropertyOptional({ description: 'What is kept for this key; left out: for all together.', example: 'fan-1' })
  key?: string;

  @Text(256, 'bad_request')
  @ApiPropertyOptional({ description: 'One value.', example: 'on' })
  name?: string;

  @Text(256, 'bad_request')
  @ApiPropertyOptional({ description: 'Values whose names begin so, 1,000 at most.', example: 'room/' })
  prefix = '';
}

/** A turn that is handed out. */
export class LeasedTurn implements Handed {
  @ApiProperty({ description: 'Names this handing out of the turn, and no other.', example: 'k3YqT2uWx8Zr5nAb' })
  lock!: string;

  @ApiProperty({
    type: 'integer',
    minimum: 1,
    description: '1 for the first; a turn that failed comes again.',
    example: 1,
  })
  attempt!: number;

  @ApiProperty({ description: 'As logs and dead letters name it.', example: 'heating.event' })
  handler!: string;

  @ApiProperty({ enum: KINDS, description: 'What it is for, and which of the last members is there.' })
  kind!: Handed['kind'];

  @ApiProperty({ description: 'The device, or the key that the timer or the item was given.', example: 'fan-1' })
  key!: string;

  @ApiProperty({
    format: 'date-time',
    description: "When its lease is over, by the hub's clock.",
    example: '2026-11-25T12:11:14.000Z',
  })
  deadline!: string;

  @ApiProperty({ type: 'number', description: 'The same as seconds from the answer on.', example: 60 })
  lease!: number;

  @ApiPropertyOptional({
    type: 'integer',
    minimum: 1,
    description: 'Events and outcomes that the journal dropped before it, at most. Left out when there are none.',
  })
  lost?: number;

  @ApiPropertyOptional(
    anObject('What a device reported: `device`, `type`, `channel`, `position`, `publishedAt` (unix ms), `data`.', {
      device: 'fan-1',
      type: 'temperature',
      channel: 'devices/fan-1/events/temperature',
      position: '1795421814:0',
      publishedAt: 1795421814123,
      data: { celsius: 31.5 },
    }),
  )
  event?: object;

  @ApiPropertyOptional(
    anObject('How a command ended, as on `devices/{id}/outcomes`.', {
      id: '01JDHG7Z9VQ4E4W6W6YV3S6K2M',
      device: 'fan-1',
      name: 'fan.set',
      state: 'SUCCEEDED',
    }),
  )
  outcome?: object;

  @ApiPropertyOptional(
    anObject('A timer that is due: `name`, `key`, `data`, `dueAt` (unix ms), `missed`.', {
      name: 'fan-off',
      key: 'fan-1',
      dueAt: 1795421814123,
      missed: 0,
    }),
  )
  timer?: object;

  @ApiPropertyOptional(
    anObject('What is to be done outside: `id`, the same at each attempt, `name`, `key`, `data`, `attempt`.', {
      id: '01JDHG7Z9VQ4E4W6W6YV3S6K2M',
      name: 'mail',
      key: 'fan-1',
      data: { to: 'janitor' },
      attempt: 1,
    }),
  )
  item?: object;
}

export class TurnStateValue {
  @ApiProperty({ description: 'Its name.', example: 'on' })
  name!: string;

  @ApiProperty({ ...ANYTHING, example: true })
  value!: unknown;
}

export class TurnStateValues {
  @ApiProperty({ type: [TurnStateValue], description: 'In the order of their names; empty: there is none.' })
  values!: TurnStateValue[];
}

import type { Isolation } from '../logic/plugin-entry.js';
import type { ShadowDifference as Difference, ShadowCounts, PluginState as State } from '../logic/plugin-status.js';
import { aCount } from './described.js';
import { ApiProperty } from './documented.dto.js';
import { HandlerTimes, PLUGIN_STATES, PluginFigures, WorkerFigures } from './plugin-figures.dto.js';

const KINDS: readonly Difference['is'][] = ['missing', 'extra', 'changed', 'moved'];

/** Since the start, in commands unless it is said otherwise. */
export class ShadowFigures implements ShadowCounts {
  @ApiProperty(aCount('That the plugin sent.', 87))
  live!: number;

  @ApiProperty(aCount('That the candidate version would have sent.', 88))
  shadow!: number;

  @ApiProperty(aCount('That both sent; those that were moved are among them.', 84))
  same!: number;

  @ApiProperty(aCount('That it would not have sent.', 1))
  missing!: number;

  @ApiProperty(aCount('That it would have sent beside those.', 2))
  extra!: number;

  @ApiProperty(aCount('That it would have sent with other params or options.', 2))
  changed!: number;

  @ApiProperty(aCount('That it would have sent for another event, or in another order.', 0))
  moved!: number;

  @ApiProperty(aCount('That were not compared, for one of the two was far behind.', 0))
  uncompared!: number;

  @ApiProperty(aCount('Jobs that it would have made; they are not compared.', 0))
  jobs!: number;

  @ApiProperty(aCount('Messages that it would have published; they are not compared.', 0))
  messages!: number;

  @ApiProperty(aCount('Items that it would have put into the outbox; they are not compared.', 0))
  outboxItems!: number;
}

/** A candidate version that runs beside its plugin without any effect. */
export class ShadowState {
  @ApiProperty({ enum: PLUGIN_STATES, description: 'As of a plugin.' })
  state!: State;

  @ApiProperty({ type: 'string', nullable: true, description: 'null: it was not loaded.', example: '2.0.0' })
  version!: string | null;

  @ApiProperty({ type: 'string', nullable: true, description: 'Its file.', example: '/srv/next/thermostat/index.js' })
  from!: string | null;

  @ApiProperty({ type: 'string', nullable: true, description: 'Why it failed; null: it did not.', example: null })
  reason!: string | null;

  @ApiProperty({
    enum: ['inline', 'worker', null],
    nullable: true,
    description: 'As of a plugin.',
    example: 'worker',
  })
  isolation!: Isolation | null;

  @ApiProperty({ type: () => WorkerFigures, nullable: true, description: 'As of a plugin.' })
  worker!: WorkerFigures | null;

  @ApiProperty(aCount('Turns that wait in memory.', 0))
  queued!: number;

  @ApiProperty(aCount('Entries of the journal that it has not come to.', 0))
  behind!: number;

  @ApiProperty(aCount('Age of the oldest event that it is not done with, in ms.', 12))
  lagMs!: number;

  @ApiProperty({
    type: () => HandlerTimes,
    nullable: true,
    description: 'How long its handlers take; null: none ended.',
  })
  handlerMs!: HandlerTimes | null;

  @ApiProperty({ description: 'What it did since the start; what it sent is counted and was not sent.' })
  counters!: PluginFigures;

  @ApiProperty({ description: 'How its commands compare with those of the plugin.' })
  compared!: ShadowFigures;
}

/** A command that one of the two versions sent. */
export class ComparedCommand {
  @ApiProperty({ format: 'date-time', description: 'When its turn was done.', example: '2026-11-25T12:10:14.000Z' })
  at!: string;

  @ApiProperty({ description: 'Anything that JSON can say.', example: { on: true } })
  params!: unknown;

  @ApiProperty({ description: 'The method that asked for it.', example: 'thermostat.regulate' })
  handler!: string;

  @ApiProperty({
    description: 'What that was called for.',
    example: 'event devices/fan-1/events/temperature 1795421814:0',
  })
  by!: string;
}

/** Something that the candidate version does otherwise. */
export class ShadowDifference {
  @ApiProperty({
    enum: KINDS,
    description: 'What it does with the command: not send it, send it too, otherwise, elsewhere.',
  })
  is!: Difference['is'];

  @ApiProperty({ format: 'date-time', description: 'When it was found.', example: '2026-11-25T12:10:24.000Z' })
  at!: string;

  @ApiProperty({ description: 'The device.', example: 'fan-1' })
  device!: string;

  @ApiProperty({ description: "The command's name.", example: 'fan.set' })
  name!: string;

  @ApiProperty({ type: () => ComparedCommand, nullable: true, description: 'As the plugin sent it; null: it did not.' })
  live!: ComparedCommand | null;

  @ApiProperty({
    type: () => ComparedCommand,
    nullable: true,
    description: 'As the candidate would have; null: it would not.',
  })
  shadow!: ComparedCommand | null;
}

export class ShadowReport extends ShadowState {
  @ApiProperty({ type: [ShadowDifference], description: 'The last 100, the newest first.' })
  differences!: ShadowDifference[];
}

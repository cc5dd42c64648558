import { ApiProperty } from '@nestjs/swagger';
import type { PluginCounters, PluginState as State } from '../logic/plugin-status.js';

const count = (description: string, example: number) =>
  ({ type: 'integer', minimum: 0, description, example }) as const;
const STATES: readonly State[] = ['disabled', 'starting', 'running', 'failed', 'stopped'];

/** Since the start. */
export class PluginFigures implements PluginCounters {
  @ApiProperty(count('Events that matched a pattern, once for each handler and pipeline.', 1204))
  events!: number;

  @ApiProperty(count('Handler calls whose effects were applied.', 1201))
  turns!: number;

  @ApiProperty(count('Turns that threw, rejected or could not be applied, and pipelines that failed.', 2))
  failed!: number;

  @ApiProperty(count('Turns that were given up for their time; not in `failed`.', 0))
  timedOut!: number;

  @ApiProperty(count('Events whose payload was not what the class demands.', 1))
  invalid!: number;

  @ApiProperty(count('Events that found the queue full, or a pipeline that was ended or waits to be started again.', 0))
  dropped!: number;

  @ApiProperty(count('Commands sent.', 87))
  commands!: number;

  @ApiProperty(count('Messages published.', 0))
  messages!: number;

  @ApiProperty(count('Errors that nobody in the plugin caught, after or beside its turns.', 0))
  lateFaults!: number;
}

export class PluginState {
  @ApiProperty({
    description: "Its key in `plugins` of the configuration, or its folder's name.",
    example: 'thermostat',
  })
  name!: string;

  @ApiProperty({ enum: STATES, description: '`stopped`: the hub is about to stop.' })
  state!: State;

  @ApiProperty({ type: 'string', nullable: true, description: 'null: it was not loaded.', example: '1.0.0' })
  version!: string | null;

  @ApiProperty({
    type: 'string',
    nullable: true,
    description: 'Its file, or what the configuration says when it was not found; null: neither is known.',
    example: '/srv/signalbox/plugins/thermostat/dist/index.js',
  })
  from!: string | null;

  @ApiProperty({ type: 'string', nullable: true, description: 'Why it failed; null: it did not.', example: null })
  reason!: string | null;

  @ApiProperty({
    type: [String],
    description: 'Of its handlers and pipelines, each once.',
    example: ['devices/+/events/temperature'],
  })
  patterns!: readonly string[];

  @ApiProperty(count('Events that wait for a turn.', 0))
  queued!: number;

  @ApiProperty(count('Turns whose handler has not ended yet.', 1))
  openTurns!: number;

  @ApiProperty({ description: 'What it did since the start.' })
  counters!: PluginFigures;
}

export class PluginList {
  @ApiProperty({ type: [PluginState], description: 'In the order of their names; those that are switched off too.' })
  plugins!: PluginState[];
}

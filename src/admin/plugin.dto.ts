import type { Isolation } from '../logic/plugin-entry.js';
import type { PluginState as State } from '../logic/plugin-status.js';
import { aCount } from './described.js';
import { ApiProperty } from './documented.dto.js';
import { HandlerTimes, PLUGIN_STATES, PluginFigures, WorkerFigures } from './plugin-figures.dto.js';
import { ShadowState } from './shadow.dto.js';

export class PluginState {
  @ApiProperty({
    description: "Its key in `plugins` of the configuration, or its folder's name.",
    example: 'thermostat',
  })
  name!: string;

  @ApiProperty({
    enum: PLUGIN_STATES,
    description:
      '`paused`: everything fails, and one turn is tried now and then. `restarting`: its worker has ended, and another ' +
      'one is started after a pause. `stopped`: the hub is about to stop.',
  })
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

  @ApiProperty({
    type: 'string',
    nullable: true,
    description: 'Why it failed, or is started again; null: neither.',
    example: null,
  })
  reason!: string | null;

  @ApiProperty({
    enum: ['inline', 'worker', null],
    nullable: true,
    description:
      "Where it runs: in the hub's thread or in one of its own; null: it was not loaded, and nobody has said.",
    example: 'worker',
  })
  isolation!: Isolation | null;

  @ApiProperty({
    type: () => WorkerFigures,
    nullable: true,
    description: 'Looked at once a second; null: it has no worker.',
  })
  worker!: WorkerFigures | null;

  @ApiProperty({
    type: [String],
    description: 'Of its handlers and pipelines, each once.',
    example: ['devices/+/events/temperature'],
  })
  patterns!: readonly string[];

  @ApiProperty(aCount('Turns that wait in memory, those that are to be tried again included.', 0))
  queued!: number;

  @ApiProperty(aCount('Entries of the journal that it has not come to, those for other plugins included.', 0))
  behind!: number;

  @ApiProperty(aCount('Age of the oldest event that it is not done with, in ms.', 12))
  lagMs!: number;

  @ApiProperty(aCount('Turns that failed and wait to be tried again.', 0))
  retrying!: number;

  @ApiProperty(aCount('Turns that were given up for good and can be driven again.', 1))
  deadLetters!: number;

  @ApiProperty({
    type: () => HandlerTimes,
    nullable: true,
    description: 'How long its handlers take; null: none has ended yet.',
  })
  handlerMs!: HandlerTimes | null;

  @ApiProperty(aCount('Turns whose handler has not ended yet.', 1))
  openTurns!: number;

  @ApiProperty({ description: 'What it did since the start.' })
  counters!: PluginFigures;

  @ApiProperty({ type: () => ShadowState, nullable: true, description: 'Its candidate version; null: it has none.' })
  shadow!: ShadowState | null;
}

export class PluginList {
  @ApiProperty({ type: [PluginState], description: 'In the order of their names; those that are switched off too.' })
  plugins!: PluginState[];
}

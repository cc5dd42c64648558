import type { LogicFigures, WorkerSums } from '../logic/logic-figures.js';
import { aCount } from './described.js';
import { ApiProperty } from './documented.dto.js';
import { PluginFigures } from './plugin-figures.dto.js';

/** What all worker threads use, those of shadows included. */
export class WorkerStats implements WorkerSums {
  @ApiProperty(aCount('Plugins, and shadows of plugins, that run in a worker.', 2))
  count!: number;

  @ApiProperty(aCount('Their heaps, in use.', 46_137_344))
  heapBytes!: number;

  @ApiProperty(aCount('Buffers and the like, which are not in a heap.', 4_194_304))
  bufferBytes!: number;

  @ApiProperty(aCount('What all that may come to: the sum of their `max_memory`.', 268_435_456))
  maxMemoryBytes!: number;

  @ApiProperty(
    aCount(
      'Processor time since the start, in ms; before Node 24, the time in which their event loops were busy.',
      3680,
    ),
  )
  cpuMs!: number;

  @ApiProperty(aCount('How often one has ended and was started again.', 0))
  restarts!: number;
}

/** Plugins that are enabled, and logic servers elsewhere, taken together. */
export class LogicStats implements LogicFigures {
  @ApiProperty(aCount('Plugins and logic servers that are enabled.', 3))
  enabled!: number;

  @ApiProperty(aCount('Of them, those that run.', 3))
  running!: number;

  @ApiProperty(aCount('At which everything fails, and one turn is tried now and then.', 0))
  paused!: number;

  @ApiProperty(aCount('Whose worker has ended, and is started again after a pause.', 0))
  restarting!: number;

  @ApiProperty(aCount('That do not run; `/admin/plugins` tells why.', 0))
  failed!: number;

  @ApiProperty(aCount('Turns that wait in memory, those that are to be tried again included.', 0))
  queued!: number;

  @ApiProperty(aCount('Entries of the journal that the one which is farthest behind has not come to.', 0))
  mostBehind!: number;

  @ApiProperty(aCount('Age of the oldest event that one of them is not done with, in ms.', 12))
  maxLagMs!: number;

  @ApiProperty(aCount('Turns whose handler has not ended yet.', 1))
  openTurns!: number;

  @ApiProperty(aCount('Turns that failed and wait to be tried again.', 0))
  retrying!: number;

  @ApiProperty(aCount('Turns that were given up for good and can be driven again.', 1))
  deadLetters!: number;

  @ApiProperty({ description: 'What they did since the start.' })
  counters!: PluginFigures;

  @ApiProperty({ description: 'Worker threads.' })
  workers!: WorkerStats;
}

import type { PluginCounters, RuntimeFigures, PluginState as State } from '../logic/plugin-status.js';
import { aCount } from './described.js';
import { ApiProperty } from './documented.dto.js';

export const PLUGIN_STATES: readonly State[] = [
  'disabled',
  'starting',
  'running',
  'paused',
  'restarting',
  'failed',
  'stopped',
];

/** Since the start. */
export class PluginFigures implements PluginCounters {
  @ApiProperty(aCount('Events that matched a pattern, once for each handler and pipeline.', 1204))
  events!: number;

  @ApiProperty(aCount('Handler calls whose effects were committed.', 1201))
  turns!: number;

  @ApiProperty(aCount('Turns that skipped their event; they are in `turns`.', 1114))
  skipped!: number;

  @ApiProperty(
    aCount('Attempts that threw, rejected, took too long or could not be committed, and pipelines that failed.', 6),
  )
  failed!: number;

  @ApiProperty(aCount('Attempts that were given up for their time; they are in `failed`.', 0))
  timedOut!: number;

  @ApiProperty(aCount('Attempts that were made again after one that failed.', 4))
  retries!: number;

  @ApiProperty(aCount('Attempts that were made again because somebody changed what they had read.', 0))
  conflicts!: number;

  @ApiProperty(aCount('Turns that were given up for good, and went to the dead letters.', 1))
  buried!: number;

  @ApiProperty(aCount('Dead letters that were dropped for newer ones.', 0))
  lettersDropped!: number;

  @ApiProperty(aCount('Events that the journal dropped before the plugin came to them, at most.', 0))
  lost!: number;

  @ApiProperty(aCount('Commands, jobs and messages that no grant, or no rate, allowed.', 0))
  refused!: number;

  @ApiProperty(aCount('Events whose payload was not what the class demands.', 1))
  invalid!: number;

  @ApiProperty(
    aCount(
      'Events for pipelines that found the queue full, or a pipeline that was ended or is to be started again.',
      0,
    ),
  )
  dropped!: number;

  @ApiProperty(aCount('Commands sent.', 87))
  commands!: number;

  @ApiProperty(aCount('Jobs started.', 0))
  jobs!: number;

  @ApiProperty(aCount('Messages published.', 0))
  messages!: number;

  @ApiProperty(aCount('Errors that nobody in the plugin caught, after or beside its turns.', 0))
  lateFaults!: number;
}

/** Of all handler calls since the start, in ms; within 10 percent. */
export class HandlerTimes {
  @ApiProperty({ type: 'number', description: 'Half of them took at most this.', example: 0.125 })
  p50!: number;

  @ApiProperty({ type: 'number', description: '99 of 100 took at most this.', example: 2.378 })
  p99!: number;
}

/** What a plugin's worker uses. */
export class WorkerFigures implements RuntimeFigures {
  @ApiProperty(aCount('Its heap, in use.', 23_068_672))
  heapBytes!: number;

  @ApiProperty(aCount('Buffers and the like, which are not in the heap.', 2_097_152))
  bufferBytes!: number;

  @ApiProperty(aCount('What both may come to: `max_memory`.', 134_217_728))
  maxMemoryBytes!: number;

  @ApiProperty(
    aCount('Processor time since the start, in ms; before Node 24, the time in which its event loop was busy.', 1840),
  )
  cpuMs!: number;

  @ApiProperty(aCount('How often it has ended and was started again.', 0))
  restarts!: number;
}

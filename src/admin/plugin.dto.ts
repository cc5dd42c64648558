import type { Isolation } from '../logic/plugin-entry.js';
import type { PluginCounters, RuntimeFigures, ShadowCounts, PluginState as State } from '../logic/plugin-status.js';
import { ApiProperty } from './documented.dto.js';

const count = (description: string, example: number) =>
  ({ type: 'integer', minimum: 0, description, example }) as const;
const STATES: readonly State[] = ['disabled', 'starting', 'running', 'paused', 'restarting', 'failed', 'stopped'];

/** Since the start. */
export class PluginFigures implements PluginCounters {
  @ApiProperty(count('Events that matched a pattern, once for each handler and pipeline.', 1204))
  events!: number;

  @ApiProperty(count('Handler calls whose effects were committed.', 1201))
  turns!: number;

  @ApiProperty(count('Turns that skipped their event; they are in `turns`.', 1114))
  skipped!: number;

  @ApiProperty(
    count('Attempts that threw, rejected, took too long or could not be committed, and pipelines that failed.', 6),
  )
  failed!: number;

  @ApiProperty(count('Attempts that were given up for their time; they are in `failed`.', 0))
  timedOut!: number;

  @ApiProperty(count('Attempts that were made again after one that failed.', 4))
  retries!: number;

  @ApiProperty(count('Attempts that were made again because somebody changed what they had read.', 0))
  conflicts!: number;

  @ApiProperty(count('Turns that were given up for good, and went to the dead letters.', 1))
  buried!: number;

  @ApiProperty(count('Dead letters that were dropped for newer ones.', 0))
  lettersDropped!: number;

  @ApiProperty(count('Events that the journal dropped before the plugin came to them, at most.', 0))
  lost!: number;

  @ApiProperty(count('Commands, jobs and messages that no grant, or no rate, allowed.', 0))
  refused!: number;

  @ApiProperty(count('Events whose payload was not what the class demands.', 1))
  invalid!: number;

  @ApiProperty(
    count('Events for pipelines that found the queue full, or a pipeline that was ended or is to be started again.', 0),
  )
  dropped!: number;

  @ApiProperty(count('Commands sent.', 87))
  commands!: number;

  @ApiProperty(count('Jobs started.', 0))
  jobs!: number;

  @ApiProperty(count('Messages published.', 0))
  messages!: number;

  @ApiProperty(count('Errors that nobody in the plugin caught, after or beside its turns.', 0))
  lateFaults!: number;
}

/** Of all handler calls since the start, in ms; within 10 percent. */
export class HandlerTimes {
  @ApiProperty({ type: 'number', description: 'Half of them took at most this.', example: 0.125 })
  p50!: number;

  @ApiProperty({ type: 'number', description: '99 of 100 took at most this.', example: 2.378 })
  p99!: number;
}

/** Since the start, in commands unless it is said otherwise. */
export class ShadowFigures implements ShadowCounts {
  @ApiProperty(count('That the plugin sent.', 87))
  live!: number;

  @ApiProperty(count('That the candidate version would have sent.', 88))
  shadow!: number;

  @ApiProperty(count('That both sent; those that were moved are among them.', 84))
  same!: number;

  @ApiProperty(count('That it would not have sent.', 1))
  missing!: number;

  @ApiProperty(count('That it would have sent beside those.', 2))
  extra!: number;

  @ApiProperty(count('That it would have sent with other params or options.', 2))
  changed!: number;

  @ApiProperty(count('That it would have sent for another event, or in another order.', 0))
  moved!: number;

  @ApiProperty(count('That were not compared, for one of the two was far behind.', 0))
  uncompared!: number;

  @ApiProperty(count('Jobs that it would have made; they are not compared.', 0))
  jobs!: number;

  @ApiProperty(count('Messages that it would have published; they are not compared.', 0))
  messages!: number;

  @ApiProperty(count('Items that it would have put into the outbox; they are not compared.', 0))
  outboxItems!: number;
}

/** A candidate version that runs beside its plugin without any effect. */
export class ShadowState {
  @ApiProperty({ enum: STATES, description: 'As of a plugin.' })
  state!: State;

  @ApiProperty({ type: 'string', nullable: true, description: 'null: it was not loaded.', example: '2.0.0' })
  version!: string | null;

  @ApiProperty({ type: 'string', nullable: true, description: 'Its file.', example: '/srv/next/thermostat/index.js' })
  from!: string | null;

  @ApiProperty({ type: 'string', nullable: true, description: 'Why it failed; null: it did not.', example: null })
  reason!: string | null;

  @ApiProperty(count('Turns that wait in memory.', 0))
  queued!: number;

  @ApiProperty(count('Entries of the journal that it has not come to.', 0))
  behind!: number;

  @ApiProperty(count('Age of the oldest event that it is not done with, in ms.', 12))
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

/** What a plugin's worker uses. */
export class WorkerFigures implements RuntimeFigures {
  @ApiProperty(count('Its heap, in use.', 23_068_672))
  heapBytes!: number;

  @ApiProperty(count('Buffers and the like, which are not in the heap.', 2_097_152))
  bufferBytes!: number;

  @ApiProperty(count('What both may come to: `max_memory`.', 134_217_728))
  maxMemoryBytes!: number;

  @ApiProperty(
    count('Processor time since the start, in ms; before Node 24, the time in which its event loop was busy.', 1840),
  )
  cpuMs!: number;

  @ApiProperty(count('How often it has ended and was started again.', 0))
  restarts!: number;
}

export class PluginState {
  @ApiProperty({
    description: "Its key in `plugins` of the configuration, or its folder's name.",
    example: 'thermostat',
  })
  name!: string;

  @ApiProperty({
    enum: STATES,
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

  @ApiProperty(count('Turns that wait in memory, those that are to be tried again included.', 0))
  queued!: number;

  @ApiProperty(count('Entries of the journal that it has not come to, those for other plugins included.', 0))
  behind!: number;

  @ApiProperty(count('Age of the oldest event that it is not done with, in ms.', 12))
  lagMs!: number;

  @ApiProperty(count('Turns that failed and wait to be tried again.', 0))
  retrying!: number;

  @ApiProperty(count('Turns that were given up for good and can be driven again.', 1))
  deadLetters!: number;

  @ApiProperty({
    type: () => HandlerTimes,
    nullable: true,
    description: 'How long its handlers take; null: none has ended yet.',
  })
  handlerMs!: HandlerTimes | null;

  @ApiProperty(count('Turns whose handler has not ended yet.', 1))
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

import type { GivenEvent, HostedPipeline, PipelineParts } from '../running/handler-host.js';
import type { PipelineBinding } from '../running/handlers.js';
import type { LiveEvent } from '../running/live-feed.js';
import { readEffect, writeBytes } from './codec.js';
import type { ToWorker, WireEffect } from './protocol.js';

/** What pipelines of one worker share: how much is under way to it. */
export interface FeedRoom {
  /** False when an event does not fit any more; else it is counted as under way. */
  take(bytes: number): boolean;
}

/** A pipeline that runs in a worker. */
export class WorkerPipeline implements HostedPipeline {
  readonly name: string;
  readonly pattern: string;
  private isOn = false;

  constructor(
    { name, declaration }: PipelineBinding,
    private readonly parts: PipelineParts,
    private readonly room: FeedRoom,
    private readonly send: (message: ToWorker) => void,
  ) {
    this.name = name;
    this.pattern = declaration.pattern;
  }

  start(): void {
    this.isOn = true;
    this.attached();
  }

  /** There is a worker, maybe another one. */
  attached(): void {
    if (this.isOn) this.send({ kind: 'pipeline', name: this.name, isOn: true });
  }

  read({ channel, message, body, depth }: LiveEvent): void {
    const { counters, warnings } = this.parts;
    if (this.room.take(body.length)) {
      const { position, publishedAt } = message;
      const event = { channel, position, publishedAt, body: writeBytes(body), depth };
      return this.send({ kind: 'event', pipeline: this.name, ...event });
    }
    counters.dropped++;
    const sentence = `An event for ${this.name} was dropped: its worker is away, or slower than the devices.`;
    warnings.warn('dropped', {}, sentence);
  }

  /** Its stream has completed. */
  left(): void {
    this.isOn = false;
    this.parts.leave(this);
  }

  /** Does what it gave out. @throws as `PipelineParts.carryOut` */
  async emit(effect: WireEffect, given: GivenEvent | undefined): Promise<void> {
    await this.parts.carryOut(readEffect(effect), given);
  }

  stop(): void {
    this.isOn = false;
    this.send({ kind: 'pipeline', name: this.name, isOn: false });
  }
}

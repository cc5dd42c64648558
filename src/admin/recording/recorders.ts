import { Readable } from 'node:stream';
import type { FaultLog } from '../../channels/fault-log.js';
import { HubError } from '../../channels/hub-error.js';
import { ADMIN_LIMITS } from '../admin-limits.js';
import { Recorder, type RecorderOptions } from './recorder.js';

/** What all recordings of a hub have in common. */
export interface RecorderParts extends Pick<RecorderOptions, 'channels' | 'commands' | 'version' | 'keepsSince'> {
  readonly faults: FaultLog;
}

/** The recordings that are being made, a few at a time. */
export class Recorders {
  private readonly running = new Set<Recorder>();
  private isOver = false;

  constructor(private readonly parts: RecorderParts) {}

  /**
   * Begins a recording; closing the stream ends it.
   * @throws HubError `bad_request`, `recording_limit`, `stopping`
   */
  open(asked: Pick<RecorderOptions, 'patterns' | 'from'>): Readable {
    if (this.isOver) throw new HubError('stopping', 'The hub is about to stop, and begins no recording.');
    if (this.running.size >= ADMIN_LIMITS.maxRecordings) {
      const { size } = this.running;
      const remedy = 'End one, or record more with one by further patterns.';
      throw new HubError('recording_limit', `${size} recordings are being made, as many as there may be. ${remedy}`);
    }
    const recorder = this.recorderOf(asked);
    this.running.add(recorder);
    return this.streamOf(recorder);
  }

  /** Ends them all, for a stop. */
  end(): void {
    this.isOver = true;
    for (const recorder of this.running) recorder.end();
  }

  /** Not `Readable.from`, which waits with its closing until the recorder has something to say. */
  private streamOf(recorder: Recorder): Readable {
    const text = recorder.text();
    return new Readable({
      read() {
        text.next().then(
          ({ done, value }) => this.push(done ? null : value),
          (error: unknown) => this.destroy(error as Error),
        );
      },
      destroy: (error, done) => {
        this.running.delete(recorder);
        recorder.end();
        if (error) this.parts.faults.note(HubError.from(error), { api: 'admin GET /admin/recording' });
        text.return().then(
          () => done(error),
          () => done(error),
        );
      },
    });
  }

  private recorderOf(asked: Pick<RecorderOptions, 'patterns' | 'from'>): Recorder {
    try {
      return new Recorder({ ...this.parts, ...asked });
    } catch (error) {
      if (error instanceof RangeError) throw new HubError('bad_request', error.message, { cause: error });
      throw error;
    }
  }
}

import type { LoadBounds } from '../load/budget.js';
import type { LoadJob } from '../load/load-job.js';
import type { Scenario } from './scenario.js';
import { CounterEvents } from './turns.js';

/** How long events come while the plugin stands still. */
const FILL_SECONDS = 5;
/** Half of what the journal keeps. */
const MAX_EVENTS = 50_000;

/** A plugin that was away comes back to the events which wait in the journal. */
export class CatchUp implements Scenario {
  private waiting = 0;

  private constructor(private readonly events: CounterEvents) {}

  static async open(job: LoadJob): Promise<CatchUp> {
    return new CatchUp(await CounterEvents.open(job));
  }

  /** First ordinary turns, then those that wait. */
  async warmUp({ messages, seconds }: LoadBounds): Promise<void> {
    await this.events.post({ messages, seconds: seconds / 2 });
    await this.events.done();
    const { posted } = this.events;
    await this.events.tell('hold');
    const bounds = { messages: Math.min(messages, MAX_EVENTS), seconds: Math.min(seconds, FILL_SECONDS) };
    await this.events.post(bounds, Number.POSITIVE_INFINITY);
    this.waiting = this.events.posted - posted;
  }

  /** There is no more load to give: what waits is measured. */
  async drive(): Promise<number> {
    await this.events.tell('release');
    await this.events.done();
    return this.waiting;
  }

  verify(): Promise<void> {
    return this.events.done();
  }

  close(): void {
    this.events.close();
  }
}

import { setTimeout as pause } from 'node:timers/promises';
import { BenchFault } from '../bench-fault.js';
import { Budget, type LoadBounds } from '../load/budget.js';
import type { LoadJob } from '../load/load-job.js';
import { PluginWatch } from '../load/plugin-figures.js';
import { Publishers } from '../load/publishers.js';
import { postRequest } from '../load/requests.js';
import { watched } from '../load/watchdog.js';
import type { Endpoint } from '../peers/peer.js';
import type { Scenario } from './scenario.js';

const PUBLISHERS = 64;
/** Events that may be posted beyond those that are dealt with, and how often that is looked at. */
const MAX_AHEAD = 1_000;
const LOOK_MS = 20;

/** Posts events to the plugin `counter`, and knows how many turns it has done about them. */
export class CounterEvents {
  posted = 0;
  private turns = 0;
  /** turns that were about no event that is counted */
  private otherTurns = 0;

  private constructor(
    private readonly endpoint: Endpoint,
    private readonly requests: readonly string[],
    private readonly publishers: Publishers,
    private readonly plugin: PluginWatch,
  ) {}

  /** @param keys devices that the events are spread over */
  static async open({ target, connections: keys }: LoadJob): Promise<CounterEvents> {
    const { endpoint, admin } = target;
    if (!admin) throw new BenchFault('Turns are counted by the admin API, which this server does not have.');
    const requests = Array.from({ length: keys }, (_, i) => eventRequest(endpoint, `key-${i}`, 'count', '{}'));
    const publishers = new Publishers(endpoint, PUBLISHERS);
    await publishers.open();
    return new CounterEvents(endpoint, requests, publishers, await PluginWatch.open(admin, 'counter'));
  }

  /** Posts events until the bounds are reached. @param maxAhead of what the plugin has done */
  async post(bounds: LoadBounds, maxAhead = MAX_AHEAD): Promise<void> {
    const budget = new Budget(bounds);
    let isOver = false;
    const lines = Array.from({ length: PUBLISHERS }, async () => {
      while (budget.take()) {
        while (this.posted - this.turns >= maxAhead && !budget.isSpent) await pause(LOOK_MS);
        await this.postOne(this.requests[this.posted++ % this.requests.length] as string);
      }
    });
    const looking = (async () => {
      for (; !isOver; await pause(LOOK_MS)) await this.look();
    })();
    await watched(
      Promise.all(lines),
      () => this.posted + this.turns,
      () => 'events wait for their answers',
    );
    isOver = true;
    await looking;
  }

  /** Has the plugin stand still, or go on. */
  async tell(what: 'hold' | 'release'): Promise<void> {
    await this.postOne(eventRequest(this.endpoint, 'key-0', what, '{}'));
    // To hold is a turn of its own; to release is none.
    if (what === 'hold') this.otherTurns++;
  }

  /** Waits until there was a turn for each event. @throws BenchFault when one failed or was lost */
  async done(): Promise<void> {
    const ended = (async () => {
      for (; this.turns < this.posted; await pause(LOOK_MS)) await this.look();
    })();
    await watched(
      ended,
      () => this.turns,
      () => `${this.posted - this.turns} events wait for their turns`,
    );
    if (this.turns > this.posted) throw new BenchFault(`${this.posted} events brought ${this.turns} turns.`);
  }

  close(): void {
    this.publishers.close();
    this.plugin.close();
  }

  private async look(): Promise<void> {
    const { turns, failed, lost } = await this.plugin.figures();
    if (failed + lost > 0) throw new BenchFault(`${failed} turns have failed, and ${lost} events were lost.`);
    this.turns = turns - this.otherTurns;
  }

  private postOne(request: string): Promise<number> {
    return new Promise((resolve) => this.publishers.post(request, resolve));
  }
}

/** Turns of a plugin that has events all the time, and never more than it can have done within a moment. */
export class Turns implements Scenario {
  private constructor(private readonly events: CounterEvents) {}

  static async open(job: LoadJob): Promise<Turns> {
    return new Turns(await CounterEvents.open(job));
  }

  async warmUp(bounds: LoadBounds): Promise<void> {
    await this.drive(bounds);
  }

  async drive(bounds: LoadBounds): Promise<number> {
    const { posted } = this.events;
    await this.events.post(bounds);
    await this.events.done();
    return this.events.posted - posted;
  }

  /** Nothing may come twice. */
  verify(): Promise<void> {
    return this.events.done();
  }

  close(): void {
    this.events.close();
  }
}

function eventRequest(endpoint: Endpoint, device: string, type: string, body: string): string {
  return postRequest(endpoint, `/v1/devices/${device}/events/${type}`, body, 'application/json');
}

import { setTimeout as wait } from 'node:timers/promises';
import { HubFolder, HubProcess } from '../support/hub-process.js';
import type { Actor } from './actors/actor.js';
import { Device } from './actors/device.js';
import { FollowedPublisher } from './actors/followed-publisher.js';
import { Operator } from './actors/operator.js';
import { Publisher } from './actors/publisher.js';
import { Registrar } from './actors/registrar.js';
import { checkCounts } from './check-counts.js';
import { HubLife } from './hub-life.js';
import { ChannelAccount } from './model/channel-account.js';
import { Random } from './random.js';

export interface CrashPlan {
  readonly kills: number;
  readonly seed: number;
  /** what Node is given to run the command line */
  readonly node: readonly string[];
  /** ms that a hub lives under load before it is killed, at least and at most */
  readonly lifeMs: readonly [number, number];
  /** that the hub is configured with; `disk` when left out, and with any other it must be found out */
  readonly durability?: 'disk' | 'memory' | 'none';
  /** told after each kill */
  readonly tell?: (progress: CrashProgress) => void;
}

export interface CrashProgress {
  readonly kills: number;
  readonly requests: number;
  readonly wrong: number;
}

export interface CrashOutcome extends CrashProgress {
  /** a sentence for each thing that must not be, the first ones */
  readonly sentences: readonly string[];
  readonly backups: { readonly made: number; readonly absent: number };
}

/** `/keep` trims nothing, `/small` with nearly each message, `/gone` is deleted again and again, also with much in it. */
const configuration = (durability: string) => `
limits: { stop_timeout: 2s }
devices: { command_ttl: 1d, max_deliveries: 1000, ended_buffer_length: 10000, max_ended_commands: 1000000 }
plugins: { thermostat: { enabled: false } }
locations:
  - { path: /keep, channel: $arg_id, publisher: on, durability: ${durability}, message_buffer_length: 1000000, message_timeout: 0 }
  - { path: /small, channel: $arg_id, publisher: on, durability: ${durability}, message_buffer_length: 5, message_timeout: 0 }
  - { path: /gone, channel: $arg_id, publisher: on, durability: ${durability}, message_buffer_length: 100000, message_timeout: 0 }
  - { path: /sub, channel: $arg_id, subscriber: long-poll, message_buffer_length: 1000000, message_timeout: 0 }
`;

const FOLLOWED = 4;
const TRIMMED = { publishers: 4, channels: 25, buffer: 5 };
const DELETED = [
  { channels: 10, deletesOnceIn: 20 },
  { channels: 1, deletesOnceIn: 1_500 },
];
const SENTENCES = 20;

/** Kills hubs under load, one after the other in the same folder, and compares what is left with what was acknowledged. */
export async function crashRun(plan: CrashPlan): Promise<CrashOutcome> {
  const folder = await HubFolder.make(configuration(plan.durability ?? 'disk'));
  const run = new CrashRun(plan, folder);
  try {
    return await run.toTheEnd();
  } finally {
    await folder.remove();
  }
}

class CrashRun {
  private readonly random: Random;
  private readonly followed: readonly FollowedPublisher[];
  private readonly operator: Operator;
  private readonly actors: readonly Actor[];
  private readonly sentences: string[] = [];
  private wrong = 0;
  private requests = 0;
  private kills = 0;

  constructor(
    private readonly plan: CrashPlan,
    private readonly folder: HubFolder,
  ) {
    this.random = new Random(plan.seed);
    this.followed = Array.from({ length: FOLLOWED }, (_, i) => new FollowedPublisher(`keep-${i}`, this.random));
    const kept = this.followed.map(({ account }) => account);
    this.operator = new Operator(folder, plan.node, kept, this.random);
    this.actors = [
      ...this.followed,
      ...Array.from({ length: TRIMMED.publishers }, (_, i) => this.trimmed(i)),
      ...DELETED.map((_, i) => this.deleted(i)),
      ...[true, false].map((remembers, i) => new Device(`worker-${i}`, remembers)),
      new Registrar('registered-0'),
      this.operator,
    ];
  }

  async toTheEnd(): Promise<CrashOutcome> {
    while (this.kills < this.plan.kills) {
      await this.liveOnce();
      this.kills++;
      this.plan.tell?.(this.progress);
    }
    const { hub, life } = await this.start();
    await this.check(life, true);
    await hub.stop();
    life.wrong(...(await checkCounts(this.folder.data)));
    const { made, absent } = this.operator;
    return { ...this.progress, sentences: this.sentences, backups: { made, absent } };
  }

  private get progress(): CrashProgress {
    const { kills, requests, wrong } = this;
    return { kills, requests, wrong };
  }

  private async liveOnce(): Promise<void> {
    const { hub, life } = await this.start();
    await this.check(life, false);
    const working = Promise.all(this.actors.map((actor) => actor.work(life)));
    await wait(this.random.from(...this.plan.lifeMs));
    await hub.kill();
    life.end();
    await working;
    this.requests += life.answered;
  }

  private async start(): Promise<{ hub: HubProcess; life: HubLife }> {
    const hub = await HubProcess.start(this.folder.configuration, this.plan.node);
    const note = (sentence: string) => {
      this.wrong++;
      if (this.sentences.length < SENTENCES) this.sentences.push(`after ${this.kills} kills, ${sentence}`);
    };
    return { hub, life: new HubLife(hub.url, hub.adminUrl, note) };
  }

  private async check(life: HubLife, isLast: boolean): Promise<void> {
    for (const actor of this.actors) await actor.check(life, isLast);
  }

  private trimmed(publisher: number): Publisher {
    const { channels, buffer } = TRIMMED;
    const name = (i: number) => `small-${publisher}-${i}`;
    const accounts = Array.from({ length: channels }, (_, i) => new ChannelAccount(name(i), buffer));
    return new Publisher({ location: '/small', accounts }, this.random);
  }

  private deleted(publisher: number): Publisher {
    const { channels, deletesOnceIn } = DELETED[publisher] as (typeof DELETED)[number];
    const accounts = Array.from({ length: channels }, (_, i) => new ChannelAccount(`gone-${publisher}-${i}`));
    return new Publisher({ location: '/gone', accounts, deletesOnceIn }, this.random);
  }
}

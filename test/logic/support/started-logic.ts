import { resolve } from 'node:path';
import { Logger } from '@nestjs/common';
import { Channels } from '../../../src/channels/channels.js';
import { Commits } from '../../../src/channels/commits.js';
import { FaultLog } from '../../../src/channels/fault-log.js';
import type { Commands } from '../../../src/commands/commands.js';
import { Jobs } from '../../../src/commands/jobs/jobs.js';
import { commandOf } from '../../../src/commands/store/command-json.js';
import { LIVE, rangeOf } from '../../../src/commands/store/tables.js';
import type { StoredMessage } from '../../../src/engine/message-log.js';
import { BEFORE_ALL } from '../../../src/engine/position.js';
import type { LogicServerEntry } from '../../../src/logic/external/server-entry.js';
import type { JournalLimits } from '../../../src/logic/journal/journal.js';
import type { PluginPlaces } from '../../../src/logic/loading/plugin-file.js';
import { Logic } from '../../../src/logic/logic.js';
import { type LogicLimits, logicLimits } from '../../../src/logic/logic-limits.js';
import type { PluginEntry } from '../../../src/logic/plugin-entry.js';
import type { PluginStatus } from '../../../src/logic/plugin-status.js';
import { TurnCommits } from '../../../src/logic/running/turn-commits.js';
import { OUTBOX, STATE, TIMERS, TIMES } from '../../../src/logic/store/tables.js';
import { silentLogger } from '../../../src/telemetry/logger.js';
import { madeEngine, publish } from '../../channels/support/made-channels.js';
import { madeCommands } from '../../commands/support/made-commands.js';
import { eventually } from '../../support/eventually.js';
import type { ManualClock } from '../../support/manual-clock.js';
import { RecordedLog } from '../../support/recorded-log.js';
import { IDLE, script } from '../plugins/scripted/index.js';
import { FaultyEngine } from './faulty-engine.js';

/** Worker threads compile what they import, as the tests do. */
const RUN_TYPESCRIPT = ['--import', './test/support/run-typescript.mjs'];
export const PLUGIN_FOLDER = resolve('test/logic/plugins');

export interface LogicChanges {
  /** by name; the plugin `scripted` alone when left out */
  readonly plugins?: Readonly<Record<string, Partial<PluginEntry>>>;
  readonly servers?: readonly LogicServerEntry[];
  readonly places?: PluginPlaces;
  readonly limits?: Partial<LogicLimits>;
  readonly maxChannels?: number;
  readonly journal?: Partial<JournalLimits>;
  /** devices whose deletion goes on when the hub starts */
  readonly deleted?: readonly string[];
  /** the one before a restart: what its engine keeps, and its time, go on */
  readonly after?: LogicUnderTest;
}

/** The logic room over channels in memory; time stands still. */
export class LogicUnderTest {
  readonly log = new RecordedLog();
  readonly channels: Channels;
  readonly engine: FaultyEngine;
  /** unix time at which it was made */
  readonly startSecond: number;
  readonly clock: ManualClock;
  readonly commandsRoom: Commands;
  readonly jobs: Jobs;
  readonly logic: Logic;
  /** devices that there are again after they were deleted */
  readonly registered = new Set<string>();

  constructor({
    plugins = { scripted: {} },
    servers = [],
    places,
    limits,
    maxChannels = 10_000,
    journal,
    after,
  }: LogicChanges) {
    const { engine: kept, channels, clock } = after ? after.restarted() : madeEngine({ maxChannels });
    const engine = new FaultyEngine(kept);
    this.engine = engine;
    this.startSecond = clock.now() / 1_000;
    this.channels = channels;
    this.clock = clock;
    this.commandsRoom = madeCommands(engine, channels, { maxQueued: 10_000 });
    const faults = new FaultLog(silentLogger, clock);
    this.jobs = new Jobs({ commits: new Commits(engine, channels), commands: this.commandsRoom, clock, faults });
    const commits = new TurnCommits(engine, channels, this.commandsRoom, this.jobs);
    this.logic = new Logic({
      entries: Object.entries(plugins).map(([name, entry]) => ({
        name,
        enabled: true,
        from: undefined,
        config: {},
        ...entry,
      })),
      servers,
      places: places ?? { folders: [PLUGIN_FOLDER], packages: [] },
      channels,
      commits,
      isRegistered: (device) => this.registered.has(device),
      journal: { maxEntries: 100_000, timeoutMs: 86_400_000, ...journal },
      logger: this.log,
      limits: { ...logicLimits, ...limits },
      workerArgv: RUN_TYPESCRIPT,
    });
  }

  /** The engine and the time of a process that takes this one's place, with channels of its own. */
  restarted(): ReturnType<typeof madeEngine> {
    const { clock } = this;
    const { kept: engine } = this.engine;
    clock.advance(1_000);
    return { engine, clock, channels: new Channels(engine.messages, clock, { maxChannels: 10_000 }) };
  }

  /** Ends as a killed process does: nothing that is under way is written any more. */
  crash(): Promise<void> {
    this.engine.dieAfter(0);
    return this.logic.stop(0);
  }

  /** A device reports; what is no text is sent as JSON. */
  post(device: string, type: string, payload: unknown): void {
    const body = typeof payload === 'string' ? payload : JSON.stringify(payload);
    publish(this.channels, `devices/${device}/events/${type}`, body);
  }

  status(name = 'scripted'): PluginStatus {
    const found = this.logic.list().find((plugin) => plugin.name === name);
    if (!found) throw new Error(`There is no plugin "${name}" in the list.`);
    return found;
  }

  /** Waits until nothing waits for the plugin and no turn of it is open. */
  async idle(name = 'scripted'): Promise<void> {
    // Events are read in a tick of their own, which must have come.
    await eventually(`the plugin ${name} is idle`, () => {
      const { queued, openTurns, behind } = this.status(name);
      return queued === 0 && openTurns === 0 && behind === 0;
    });
  }

  /**
   * Waits until it is done with all events, or its engine has died; what it does with its outbox is not waited for.
   * @param events how many it has to get first
   */
  async idleOrDead(events = 0): Promise<void> {
    await eventually('the plugin is done with all events', () => {
      this.clock.advance(1);
      const { behind, lagMs, counters } = this.status();
      return this.engine.isDead || (counters.events >= events && behind === 0 && lagMs === 0);
    });
  }

  /** The same, and lets time pass for what is tried again meanwhile. */
  async idleInTime(name = 'scripted'): Promise<void> {
    await eventually(`the plugin ${name} is idle`, () => {
      this.clock.advance(1_000);
      const { queued, openTurns } = this.status(name);
      return queued === 0 && openTurns === 0;
    });
  }

  /** Commands sent to a device so far, as `name params`. */
  commands(device: string): string[] {
    return this.engine.kept
      .table(LIVE)
      .range({ ...rangeOf(device), limit: 10_000 })
      .map(({ value }) => {
        const { name, paramsJson } = commandOf(value);
        return `${name} ${paramsJson}`;
      });
  }

  commandIds(device: string): string[] {
    const { kept } = this.engine;
    return kept
      .table(LIVE)
      .range({ ...rangeOf(device), limit: 10_000 })
      .map(({ value }) => commandOf(value).id);
  }

  messages(channel: string): readonly StoredMessage[] {
    return this.engine.messages.open(channel).read(BEFORE_ALL, 100_000) as readonly StoredMessage[];
  }

  /** Keys of what plugins keep: state, timers with their times, and outbox. */
  keptKeys(): string[] {
    return [STATE, TIMERS, TIMES, OUTBOX].flatMap((table) =>
      this.engine.kept
        .table(table)
        .range({ limit: 10_000 })
        .map(({ key }) => `${table} ${key}`),
    );
  }
}

const started: LogicUnderTest[] = [];

export async function startLogic(changes: LogicChanges = {}): Promise<LogicUnderTest> {
  // What Nest says about a plugin's providers is told by the hub itself.
  Logger.overrideLogger(false);
  const under = new LogicUnderTest(changes);
  started.push(under);
  for (const device of changes.deleted ?? []) await under.logic.deleteDevice(device);
  await under.logic.start();
  return under;
}

/** Stops what a test has started, and forgets its script; for `afterEach`. */
export async function stopLogic(): Promise<void> {
  await Promise.all(started.splice(0).map(({ logic }) => logic.stop(0)));
  Object.assign(script, IDLE);
}

import { resolve } from 'node:path';
import { Logger } from '@nestjs/common';
import { NEVER } from 'rxjs';
import type { Channels } from '../../../src/channels/channels.js';
import { commandOf } from '../../../src/commands/store/command-json.js';
import { LIVE, rangeOf } from '../../../src/commands/store/tables.js';
import type { MemoryEngine } from '../../../src/engine/memory/memory-engine.js';
import type { StoredMessage } from '../../../src/engine/message-log.js';
import { BEFORE_ALL } from '../../../src/engine/position.js';
import type { PluginPlaces } from '../../../src/logic/loading/plugin-file.js';
import { Logic } from '../../../src/logic/logic.js';
import { type LogicLimits, logicLimits } from '../../../src/logic/logic-limits.js';
import type { PluginEntry } from '../../../src/logic/plugin-entry.js';
import type { PluginStatus } from '../../../src/logic/plugin-status.js';
import { Effects } from '../../../src/logic/running/effects.js';
import { madeEngine, publish } from '../../channels/support/made-channels.js';
import { madeCommands } from '../../commands/support/made-commands.js';
import { eventually } from '../../support/eventually.js';
import type { ManualClock } from '../../support/manual-clock.js';
import { RecordedLog } from '../../support/recorded-log.js';
import { script } from '../plugins/scripted/index.js';

export const PLUGIN_FOLDER = resolve('test/logic/plugins');

export interface LogicChanges {
  /** by name; the plugin `scripted` alone when left out */
  readonly plugins?: Readonly<Record<string, Partial<PluginEntry>>>;
  readonly places?: PluginPlaces;
  readonly limits?: Partial<LogicLimits>;
  readonly maxChannels?: number;
}

/** The logic room over channels in memory; time stands still. */
export class LogicUnderTest {
  readonly log = new RecordedLog();
  readonly channels: Channels;
  private readonly engine: MemoryEngine;
  readonly clock: ManualClock;
  readonly logic: Logic;

  constructor({ plugins = { scripted: {} }, places, limits, maxChannels = 10_000 }: LogicChanges) {
    const { engine, channels, clock } = madeEngine({ maxChannels });
    this.engine = engine;
    this.channels = channels;
    this.clock = clock;
    const effects = new Effects(channels, madeCommands(engine, channels, { maxQueued: 10_000 }));
    this.logic = new Logic({
      entries: Object.entries(plugins).map(([name, entry]) => ({
        name,
        enabled: true,
        from: undefined,
        config: {},
        ...entry,
      })),
      places: places ?? { folders: [PLUGIN_FOLDER], packages: [] },
      channels,
      effects,
      logger: this.log,
      limits: { ...logicLimits, ...limits },
    });
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
      const { queued, openTurns } = this.status(name);
      return queued === 0 && openTurns === 0;
    });
  }

  /** Commands sent to a device so far, as `name params`. */
  commands(device: string): string[] {
    return this.engine
      .table(LIVE)
      .range({ ...rangeOf(device), limit: 10_000 })
      .map(({ value }) => {
        const { name, paramsJson } = commandOf(value);
        return `${name} ${paramsJson}`;
      });
  }

  messages(channel: string): readonly StoredMessage[] {
    return (this.channels.find(channel)?.log.read(BEFORE_ALL, 100_000) ?? []) as readonly StoredMessage[];
  }
}

const started: LogicUnderTest[] = [];

export async function startLogic(changes: LogicChanges = {}): Promise<LogicUnderTest> {
  // What Nest says about a plugin's providers is told by the hub itself.
  Logger.overrideLogger(false);
  const under = new LogicUnderTest(changes);
  started.push(under);
  await under.logic.start();
  return under;
}

/** Stops what a test has started, and forgets its script; for `afterEach`. */
export async function stopLogic(): Promise<void> {
  await Promise.all(started.splice(0).map(({ logic }) => logic.stop(0)));
  Object.assign(script, { handle: () => {}, flow: () => NEVER, settings: undefined });
}

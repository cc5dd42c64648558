import { parseConfig } from '../config/load-config.js';
import { PluginConfigError, type PluginEntry } from '../logic/plugin-entry.js';
import { Failures } from './hub/failures.js';
import {
  configFaults,
  entryOf,
  type PluginSettings,
  type PluginSource,
  type PluginWithConfig,
} from './hub/plugins-under-test.js';
import { SeenCommands } from './hub/seen-commands.js';
import { VirtualHub } from './hub/virtual-hub.js';
import { SeenMessages } from './seen-messages.js';
import { enabledPlugins, TestHub } from './test-hub.js';
import { timeOf } from './time/time-of.js';

/** One plugin, or several, each with settings of its own if need be. */
export type PluginsUnderTest = PluginSource | readonly (PluginSource | PluginWithConfig)[];

export interface TestHubOptions {
  /** settings of the plugin, when there is one */
  readonly config?: PluginSettings;
  /** settings of the hub as `signalbox.yaml` has them, as in `{ devices: { command_ttl: '5m' } }` */
  readonly hub?: Readonly<Record<string, unknown>>;
  /** when its time begins; noon UTC of 15 January 2026 when left out */
  readonly startAt?: Date | string | number;
  /**
   * `throw`, the default: a call during which a handler failed or an event was refused rejects, once it is done, with what
   * went wrong. `keep`: it stands in the log and in the counters, and nothing is thrown.
   */
  readonly failures?: 'throw' | 'keep';
  /** real time that a handler may wait for something outside of the hub; `'2s'` when left out */
  readonly patience?: string | number;
}

/**
 * A hub for tests with your plugins in it: the hub's own parts over an engine in memory, without doors, in virtual time.
 * @param plugins a Nest module or a class with @LogicServer, a folder that holds one, or a list of these
 * @throws Error with what a plugin lacks, what it says of its settings, or why it does not start
 */
export async function testHub(plugins: PluginsUnderTest, options: TestHubOptions = {}): Promise<TestHub> {
  const entries = await entriesOf(plugins, options);
  const [commands, messages] = [new SeenCommands(), new SeenMessages()];
  const hub = await openHub(entries, options, (life) => {
    commands.watch(life);
    messages.watch(life);
  });
  const failures = new Failures(hub.log, () => enabledPlugins(hub.life));
  const faults = failures.take();
  if (faults.length === 0 || options.failures === 'keep') {
    return new TestHub({ hub, commands, messages, failures, throwsFailures: options.failures !== 'keep' });
  }
  await hub.close();
  throw new Error(faults.join('\n'));
}

async function openHub(
  plugins: readonly PluginEntry[],
  { hub: settings = {}, startAt, patience }: TestHubOptions,
  onLife: (life: VirtualHub['life']) => void,
): Promise<VirtualHub> {
  // JSON is YAML: the settings are read, and refused, as those of a file.
  const config = parseConfig(JSON.stringify(settings), 'the option "hub"');
  try {
    return await VirtualHub.open({
      ...{ config, plugins, onLife },
      startAt: startAt === undefined ? undefined : new Date(startAt).getTime(),
      patienceMs: patience === undefined ? undefined : timeOf(patience),
    });
  } catch (error) {
    throw error instanceof PluginConfigError ? new Error(configFaults(error)) : error;
  }
}

async function entriesOf(plugins: PluginsUnderTest, { config }: TestHubOptions): Promise<PluginEntry[]> {
  if (!Array.isArray(plugins)) return [await entryOf(plugins, config)];
  const sources = plugins as readonly (PluginSource | PluginWithConfig)[];
  return Promise.all(
    sources.map((source) => (isWithConfig(source) ? entryOf(source.plugin, source.config) : entryOf(source))),
  );
}

function isWithConfig(source: PluginSource | PluginWithConfig): source is PluginWithConfig {
  return typeof source === 'object' && 'plugin' in source;
}

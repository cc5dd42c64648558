import { resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { readRecording } from '../recording/read-recording.js';
import type { ReplayListener, ReplaySummary } from '../replay/replay.js';
import { EXIT } from './exit-code.js';
import { Failure } from './failure.js';
import { interruptible } from './interruptible.js';
import { readConfig } from './read-config.js';
import { differenceLine, sentLine, summaryLines } from './replay-text.js';
import type { Settings } from './setting.js';
import { print, type Terminal } from './terminal.js';

export interface ReplayCommandOptions {
  /** file or folder of the plugin, or its name in plugins/ or node_modules/ */
  readonly plugin: string;
  /** the plugin's name in the hub that was recorded */
  readonly as?: string;
  /** configuration file that has the plugin's settings */
  readonly config?: string;
  readonly set?: Settings;
  /** times as fast as it was; Infinity: as fast as it goes */
  readonly speed: number;
  readonly diff?: boolean;
  readonly json?: boolean;
}

/** Warnings that are shown; of a plugin that always fails there are as many as events. */
const MAX_WARNINGS = 20;
/** What a replay has room for: everything that is not dealt with at a moment. */
const MEMORY_BYTES = 2 ** 31;

/**
 * `signalbox replay`: runs a recording through a plugin, and shows what it would send, or how that differs from what was sent.
 * @returns the exit code: failed when it differs
 * @throws Failure when the plugin does not run; RecordingError
 */
export async function replayFile(file: string, options: ReplayCommandOptions, terminal: Terminal): Promise<number> {
  const config = readConfig(options.config, terminal, {});
  return interruptible(terminal, 'Nothing was changed by it.', async (signal) => {
    const { replay } = await import('../replay/replay.js');
    const { replayedPlugin, settingsFaults } = await import('../replay/replayed-plugin.js');
    const tell = (sentence: string) => void print(terminal.stderr, `signalbox: ${sentence}\n`);
    const { header, lines } = await readRecording(resolve(file), tell);
    try {
      const { entry: plugin, name } = await replayedPlugin(options.plugin, config, {
        ...{ settings: options.set ?? {}, name: options.as },
      });
      const summary = await replay({
        ...{ plugin, comparedWith: name, lines, signal, pace: paceOf(options.speed, signal) },
        config: { ...config, limits: { ...config.limits, maxReservedMemory: MEMORY_BYTES } },
        listener: listenerOf(options, { terminal, tell }),
      });
      await print(terminal.stdout, summaryLines(summary, { name, header, ...options }));
      return options.diff && isDifferent(summary) ? EXIT.failure : EXIT.ok;
    } catch (error) {
      const faults = settingsFaults(error);
      throw faults === undefined ? error : new Failure(faults);
    } finally {
      await lines.return();
    }
  });
}

function listenerOf(
  { diff = false, json = false }: ReplayCommandOptions,
  { terminal, tell }: { readonly terminal: Terminal; readonly tell: (sentence: string) => void },
): ReplayListener {
  let warnings = 0;
  return {
    sent: (command) => (diff ? undefined : print(terminal.stdout, sentLine(command, json))),
    differs: (difference) => (diff ? print(terminal.stdout, differenceLine(difference, json)) : undefined),
    warn: (sentence) => {
      warnings++;
      if (warnings < MAX_WARNINGS) tell(sentence);
      else if (warnings === MAX_WARNINGS) tell(`${sentence} Further warnings are not shown.`);
    },
  };
}

/** undefined: as fast as it goes */
function paceOf(speed: number, signal: AbortSignal): ((ms: number) => Promise<void>) | undefined {
  if (speed === Number.POSITIVE_INFINITY) return undefined;
  return (ms) => wait(ms / speed, undefined, { signal });
}

function isDifferent({ differences }: ReplaySummary): boolean {
  return Object.values(differences).some((count) => count > 0);
}

import type { PluginCounters, PluginStatus } from '../../logic/plugin-status.js';
import type { HubLog, LogLine } from './hub-log.js';

/** What of a plugin's counters tells that something went wrong. */
const COUNTED = [
  'failed',
  'invalid',
  'lateFaults',
  'lost',
  'dropped',
  'buried',
] as const satisfies (keyof PluginCounters)[];

/** What went wrong in the plugins of a hub: a test must hear of it, also when it only looks at what went well. */
export class Failures {
  private counted = new Map<string, number>();
  private linesRead = 0;

  constructor(
    private readonly log: HubLog,
    private readonly plugins: () => readonly PluginStatus[],
  ) {}

  /** A new life begins: its plugins count from 0. */
  reset(): void {
    this.counted.clear();
  }

  /** Forgets what was not asked for: it is told already. */
  take(): string[] {
    const lines = this.log.lines.slice(this.linesRead);
    this.linesRead = this.log.lines.length;
    return this.plugins().flatMap((plugin) => this.newOf(plugin, lines));
  }

  private newOf({ name, counters, reason, state }: PluginStatus, lines: readonly LogLine[]): string[] {
    const count = COUNTED.reduce((sum, key) => sum + counters[key], state === 'failed' ? 1 : 0);
    const isNew = count > (this.counted.get(name) ?? 0);
    this.counted.set(name, count);
    if (!isNew) return [];
    const told = lines.filter((line) => isFaultOf(name, line)).map(({ sentence }) => sentence);
    return told.length > 0 ? told : [`The plugin "${name}" has failed${reason === undefined ? '' : `: ${reason}`}.`];
  }
}

/** What the hub says of a plugin; what a handler writes itself names the handler. */
function isFaultOf(plugin: string, { level, facts }: LogLine): boolean {
  return (level === 'warn' || level === 'error') && facts.plugin === plugin && !('handler' in facts);
}

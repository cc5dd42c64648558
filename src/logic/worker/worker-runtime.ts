import type { Clock } from '../../channels/clock.js';
import type { Deadlined, DeadlineWheel } from '../../channels/deadline-wheel.js';
import { HubError } from '../../channels/hub-error.js';
import type { Logger } from '../../telemetry/logger.js';
import type { SettingDescription } from '../inspection/description.js';
import type { ServerDeclaration } from '../loading/declared-servers.js';
import { runRulesOf } from '../loading/run-rules.js';
import type { LogicLimits } from '../logic-limits.js';
import type { PluginConfigFault, PluginEntry } from '../plugin-entry.js';
import type { RuntimeFigures } from '../plugin-status.js';
import type { PluginZone } from '../plugin-zone.js';
import type { HandlerHost } from '../running/handler-host.js';
import { type Counters, messageOf } from '../running/reader-surroundings.js';
import type { StateReader } from '../running/turn-entries.js';
import type { PluginRuntime } from '../runtime/plugin-runtime.js';
import { RestartPause } from '../runtime/restart-pause.js';
import { within } from '../within.js';
import { readFault } from './codec.js';
import { PluginThread } from './plugin-thread.js';
import type { ToHub } from './protocol.js';
import { WorkerHost } from './worker-host.js';

export interface WorkerRuntimeParts {
  readonly zone: PluginZone;
  readonly clock: Clock;
  readonly wheel: DeadlineWheel;
  readonly limits: LogicLimits;
  readonly counters: Counters;
  /** what the plugin itself writes */
  readonly logger: Logger;
  readonly state: StateReader;
  /** Node's options for the thread; undefined: those of the process */
  readonly execArgv: readonly string[] | undefined;
  /** Its thread has ended, or could not be started again; it is tried after the pause. */
  restarting(reason: string): void;
  /** The code that was found at a restart is another: it does not fit those who call it. */
  changed(): void;
}

/** What a worker's heap and buffers may come to when nobody says. */
const USUAL_MEMORY_BYTES = 128 * 2 ** 20;
/** The least that a plugin's thread may be silent before it is taken for stuck. */
const MIN_SILENCE_MS = 10_000;

/** A plugin in a worker thread. When the thread ends, however it does, another one is started, later each time. */
export class WorkerRuntime implements PluginRuntime, Deadlined {
  readonly isolation = 'worker';
  dueAt = 0;
  wheelSlot = -1;
  wheelIndex = 0;
  trouble: string | undefined;
  settings: readonly SettingDescription[] = [];
  private readonly host: WorkerHost;
  private readonly pause: RestartPause;
  private thread: PluginThread | undefined;
  private file = '';
  private servers: readonly ServerDeclaration[] = [];
  private faults: readonly PluginConfigFault[] = [];
  private isOpen = false;
  private restarts = 0;
  /** of threads that have ended */
  private cpuMsBefore = 0;

  constructor(
    private readonly entry: PluginEntry,
    private readonly parts: WorkerRuntimeParts,
  ) {
    const { limits, state, clock } = parts;
    this.host = new WorkerHost({ plugin: entry.name, limits, state });
    this.pause = new RestartPause(limits, clock);
  }

  get figures(): RuntimeFigures {
    const { heapBytes, bufferBytes, cpuMs } = this.thread?.usage ?? { heapBytes: 0, bufferBytes: 0, cpuMs: 0 };
    const { maxMemoryBytes } = this;
    return { heapBytes, bufferBytes, maxMemoryBytes, cpuMs: this.cpuMsBefore + cpuMs, restarts: this.restarts };
  }

  private get maxMemoryBytes(): number {
    return this.entry.maxMemoryBytes ?? USUAL_MEMORY_BYTES;
  }

  async load(file: string): Promise<readonly ServerDeclaration[]> {
    this.file = file;
    const { servers, settings, faults } = await this.startThread().load();
    this.servers = servers;
    this.settings = settings;
    this.faults = faults;
    return servers;
  }

  checkConfig(): readonly PluginConfigFault[] {
    return this.faults;
  }

  async open(): Promise<HandlerHost> {
    await this.openThread(this.thread);
    this.isOpen = true;
    return this.host;
  }

  async close(): Promise<void> {
    this.parts.wheel.disarm(this);
    this.isOpen = false;
    await this.thread?.close();
  }

  kill(): void {
    this.parts.wheel.disarm(this);
    this.isOpen = false;
    this.thread?.kill();
    this.thread = undefined;
  }

  /** The pause is over. */
  expire(): void {
    if (this.isOpen) void this.startAgain();
  }

  private startThread(): PluginThread {
    const { clock, limits, execArgv } = this.parts;
    const { name, config } = this.entry;
    const { maxMemoryBytes } = this;
    const thread: PluginThread = new PluginThread(
      { entry: { name, config }, file: this.file, limits },
      {
        ...{ clock, maxMemoryBytes, execArgv },
        receive: (message) => this.receive(message),
        ended: (reason) => this.ended(thread, reason),
      },
    );
    this.thread = thread;
    return thread;
  }

  private async openThread(thread: PluginThread | undefined): Promise<void> {
    if (!thread) throw new HubError('plugin_failed', 'Its worker is gone.');
    const times = this.servers.map(({ options }) => runRulesOf(options.name, options.run).timeoutMs);
    await thread.open(Math.max(MIN_SILENCE_MS, ...times));
    this.pause.started();
    this.host.attach(thread);
  }

  private async startAgain(): Promise<void> {
    const thread = this.startThread();
    const { clock, limits } = this.parts;
    try {
      await within(clock, limits.openTimeoutMs, this.openAgain(thread), () => {
        throw new Error(`it was not ready within ${limits.openTimeoutMs / 1_000} s`);
      });
    } catch (error) {
      // When the thread has ended by itself, it is dealt with already.
      thread.kill(messageOf(error));
    }
  }

  private async openAgain(thread: PluginThread): Promise<void> {
    const { servers, settings } = await thread.load();
    if (JSON.stringify(servers) !== JSON.stringify(this.servers)) return this.parts.changed();
    this.settings = settings;
    await this.openThread(thread);
    this.restarts++;
    this.trouble = undefined;
  }

  private ended(thread: PluginThread, reason: string): void {
    this.cpuMsBefore += thread.usage.cpuMs;
    if (thread === this.thread) this.thread = undefined;
    const hadTurns = this.host.detach(reason);
    if (!this.isOpen) return;
    // A turn does that twice at most, then it is given up. What happens without one may go on for ever.
    const pauseMs = hadTurns ? 0 : this.pause.next();
    const when = hadTurns ? 'at once' : `after ${pauseMs / 1_000} s`;
    this.trouble = `Its worker has ended: ${reason}. Another one is started ${when}.`;
    this.parts.restarting(this.trouble);
    if (hadTurns) setImmediate(() => this.expire());
    else this.parts.wheel.arm(this, pauseMs);
  }

  private receive(message: ToHub): void {
    const { counters, logger, zone } = this.parts;
    switch (message.kind) {
      case 'log':
        return logger[message.level](message.facts, message.sentence);
      case 'late':
        return zone.lateFault(readFault(message.fault));
      case 'counted':
        for (const [name, count] of Object.entries(message.counters)) counters[name as keyof Counters] += count;
        return;
      default:
        this.host.receive(message);
    }
  }
}

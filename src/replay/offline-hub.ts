import { andThen } from '../channels/maybe-promise.js';
import type { HubConfig } from '../config/hub-config.js';
import type { ComparedCommand } from '../logic/comparing/compared-command.js';
import type { PluginEntry } from '../logic/plugin-entry.js';
import type { PluginStatus } from '../logic/plugin-status.js';
import type { HubLife } from '../testing/hub/hub-life.js';
import { VirtualHub } from '../testing/hub/virtual-hub.js';
import { RecordedPositions } from './recorded-positions.js';

export interface OfflineHubOptions {
  readonly plugin: PluginEntry;
  readonly config: HubConfig;
  /** unix ms */
  readonly startAt: number;
  readonly sent: (command: ComparedCommand) => void;
  /** told what the hub's log warns of */
  readonly warn: (sentence: string) => void;
}

/** A hub in virtual time with one plugin in it, of which nothing gets out. */
export class OfflineHub {
  /** what the plugin asked for so far */
  sent = 0;
  jobs = 0;
  messages = 0;
  outboxItems = 0;
  private readonly recorded = new RecordedPositions();

  private constructor(
    private readonly options: OfflineHubOptions,
    private readonly hub: VirtualHub,
  ) {}

  /** @throws PluginConfigError; Error with the reason when the plugin does not run */
  static async open(options: OfflineHubOptions): Promise<OfflineHub> {
    const { config, plugin, startAt } = options;
    let offline: OfflineHub | undefined;
    const hub = await VirtualHub.open({
      ...{ config, plugins: [plugin], startAt },
      capture: ({ commands, jobs, messages, outboxItems }) => {
        if (!offline) return;
        offline.sent += commands.length;
        offline.jobs += jobs;
        offline.messages += messages;
        offline.outboxItems += outboxItems;
        const { recorded } = offline;
        for (const command of commands) options.sent({ ...command, by: recorded.nameIn(command.by) });
      },
    });
    offline = new OfflineHub(options, hub);
    const { state, reason } = offline.status;
    if (state === 'running') return offline;
    await hub.close();
    throw new Error(`The plugin does not run: ${reason ?? state}`);
  }

  /** unix ms, of the recording */
  get now(): number {
    return this.hub.clock.now();
  }

  get status(): PluginStatus {
    return statusIn(this.hub.life, this.options.plugin.name);
  }

  /**
   * Publishes a message, which is not kept.
   * @param position that it had in the recording, by which it is named as a cause
   */
  publish(channel: string, body: Buffer, contentType: string | null, position: string | undefined): void {
    const message = {
      body,
      contentType,
      expiresAt: Number.POSITIVE_INFINITY,
      store: false,
      keepAtMost: 0,
      keepAtLeast: 0,
    };
    const published = this.hub.run(() => this.hub.life.channels.open(channel).publish(message));
    if (position === undefined) return;
    void andThen(published, ({ message: stored }) => this.recorded.note(channel, stored.position, position));
  }

  /** Lets time pass. */
  async advance(ms: number): Promise<void> {
    await this.hub.advance(ms);
    this.tellWarnings();
  }

  /** Waits until nothing is left to do at this moment. @throws Error when a handler waits for something outside */
  async settle(): Promise<void> {
    await this.hub.settle();
    this.tellWarnings();
  }

  async close(): Promise<void> {
    await this.hub.close();
  }

  /** They are forgotten once they are told: a recording may be long. */
  private tellWarnings(): void {
    for (const { level, sentence } of this.hub.log.lines.splice(0)) {
      if (level === 'warn' || level === 'error') this.options.warn(sentence);
    }
  }
}

function statusIn({ logic }: HubLife, name: string): PluginStatus {
  return logic.list().find((plugin) => plugin.name === name) as PluginStatus;
}

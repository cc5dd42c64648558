import type { ChannelMessage } from '../../channels/channels.js';
import { andThen, recover } from '../../channels/maybe-promise.js';
import type { Command } from '../../commands/life/command.js';
import type { Outcome } from '../../commands/outcome.js';
import { endedOutcomeOf } from '../../logic/journal/ended-outcome.js';
import type { CommandOutcome } from '../../plugin/on-outcome.js';
import type { HubLife } from './hub-life.js';

/** A command that was sent to a device, whether the device has it or not. */
export interface SentCommand {
  readonly id: string;
  readonly device: string;
  readonly name: string;
  readonly params: unknown;
  /** unix ms, of the hub's time */
  readonly at: number;
}

/** Sees every command that is sent, and how it ends, over all lives of a hub. */
export class SeenCommands {
  readonly outcomes: CommandOutcome[] = [];
  private readonly byId = new Map<string, SentCommand>();

  get sent(): readonly SentCommand[] {
    return [...this.byId.values()];
  }

  /** Looks at a new life of the hub, until that ends. */
  watch(life: HubLife): void {
    life.channels.watch('devices/+/outcomes').subscribe((arrived) => this.see(arrived, life));
  }

  private see({ message }: ChannelMessage, life: HubLife): void {
    const ended = endedOutcomeOf(message.body);
    if (ended) this.outcomes.push(ended);
    const outcome = outcomeIn(message.body);
    if (!outcome || this.byId.has(outcome.id)) return;
    const { id, device, name, at } = outcome;
    // Its place in the order is taken now; its params are read once its queue is free.
    this.byId.set(id, { id, device, name, params: undefined, at: Date.parse(at) });
    const note = ({ paramsJson, createdAt }: Command) =>
      this.byId.set(id, { id, device, name, params: JSON.parse(paramsJson), at: createdAt });
    recover(
      () => andThen(life.commands.find(device, id), note),
      () => {},
    );
  }
}

/** undefined: a plugin has published there what the hub did not */
function outcomeIn(body: Buffer): Outcome | undefined {
  try {
    const outcome = JSON.parse(body.toString('utf8')) as Outcome;
    return typeof outcome?.id === 'string' ? outcome : undefined;
  } catch {
    return undefined;
  }
}

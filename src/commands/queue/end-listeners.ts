import type { Command } from '../life/command.js';

type Listener = (command: Command) => void;

/** Those who wait for commands of a queue to end. */
export class EndListeners {
  /** by the ids of commands; most queues never have one */
  private byId: Map<string, Set<Listener>> | undefined;

  get isEmpty(): boolean {
    return this.byId === undefined;
  }

  /** @returns takes the listener off again */
  add(id: string, listener: Listener): () => void {
    this.byId ??= new Map();
    const listeners = this.byId.get(id) ?? new Set();
    this.byId.set(id, listeners.add(listener));
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0) this.byId?.delete(id);
      if (this.byId?.size === 0) this.byId = undefined;
    };
  }

  /** A command has ended. */
  tell(command: Command): void {
    const listeners = this.byId?.get(command.id);
    if (listeners) for (const listener of [...listeners]) listener(command);
  }
}

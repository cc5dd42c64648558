import { type CommandHandler, type CommandOutcome, type ReceivedCommand, RefusedCommand } from './command.js';

/** Outcomes of past commands that are remembered, for those that the hub hands out again. */
const MAX_REMEMBERED = 100;

/** Runs the handler of a command once, however often the hub hands the command out. */
export class CommandRunner {
  private readonly handlers = new Map<string, CommandHandler>();
  private readonly outcomes = new Map<string, CommandOutcome>();

  /** @throws RangeError when the name has a handler */
  handle(name: string, handler: CommandHandler): void {
    if (this.handlers.has(name)) throw new RangeError(`Command "${name}" has a handler already.`);
    this.handlers.set(name, handler);
  }

  /** Never rejects: what goes wrong is the outcome. */
  async run(command: ReceivedCommand): Promise<CommandOutcome> {
    const before = this.outcomes.get(command.id);
    if (before) return before;
    const outcome = await this.outcomeOf(command);
    this.outcomes.set(command.id, outcome);
    if (this.outcomes.size > MAX_REMEMBERED) this.outcomes.delete(this.outcomes.keys().next().value as string);
    return outcome;
  }

  private async outcomeOf(command: ReceivedCommand): Promise<CommandOutcome> {
    const handler = this.handlers.get(command.name);
    if (!handler) return { status: 422, data: { error: `This device has no handler for "${command.name}".` } };
    try {
      return { status: 200, data: await handler(command) };
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      return { status: error instanceof RefusedCommand ? 422 : 500, data: { error: message } };
    }
  }
}

import type { Report } from '../../commands/life/command.js';
import type { VirtualHub } from '../hub/virtual-hub.js';
import { type CommandAnswer, type HandedCommand, type ReceivedCommand, receivedCommand } from './received-command.js';

/** Tells the hub what came of a command; undefined: only that the device has it. */
type Tell = (command: HandedCommand, result: Report | undefined) => void;

/** What a fake device does with commands: one at a time, each once, however often it is handed out. */
export class DeviceWork {
  readonly answers = new Map<string, CommandAnswer>();
  readonly received: ReceivedCommand[] = [];
  takesMs = 0;
  private readonly results = new Map<string, Report | undefined>();

  constructor(
    private readonly hub: VirtualHub,
    private readonly tell: Tell,
  ) {}

  take(handed: HandedCommand): void {
    const command = receivedCommand(handed, this.hub.clock.now());
    this.received.push(command);
    if (this.takesMs > 0) return this.later(() => this.answer(handed, command));
    this.answer(handed, command);
  }

  private answer(handed: HandedCommand, command: ReceivedCommand): void {
    const { results, hub } = this;
    if (results.has(command.id)) return this.tell(handed, results.get(command.id));
    const answer = this.answers.get(command.name);
    if (!answer) return this.tell(handed, undefined);
    hub.atWork++;
    void hub
      .runOutside(() => resultOf(answer, command))
      .then((result) => {
        hub.atWork--;
        results.set(command.id, result);
        this.tell(handed, result);
      });
  }

  private later(go: () => void): void {
    const stop = this.hub.clock.every(this.takesMs, () => {
      stop();
      go();
    });
  }
}

async function resultOf(answer: CommandAnswer, command: ReceivedCommand): Promise<Report> {
  try {
    return (await answer(command)) ?? { status: 200 };
  } catch (error) {
    return { status: 500, data: { error: error instanceof Error ? error.message : String(error) } };
  }
}

import { HubError } from '../../channels/hub-error.js';
import { andThen, recover } from '../../channels/maybe-promise.js';
import type { PollEnd } from '../../channels/parked-polls.js';
import type { Report } from '../../commands/life/command.js';
import type { ReportFact } from '../../commands/life/fact.js';
import type { Delivery } from '../../commands/queue/command-poll.js';
import type { VirtualHub } from '../hub/virtual-hub.js';
import { FakePoll, type Poller } from './fake-poll.js';
import type { HandedCommand } from './received-command.js';

/** How long its polls wait, and how long it waits itself after one that came to nothing. */
const WAIT_MS = 55_000;
const PAUSE_MS = 1_000;

/** A fake device's connection to the hub: it polls, is handed commands one by one, and reports. */
export class DeviceLink implements Poller {
  isOnline = false;
  private isHubUp = true;
  /** the next thing that it tells of a command does not arrive */
  losesNext = false;
  /** the next thing that it tells arrives twice */
  repeatsNext = false;
  private poll: FakePoll | undefined;
  private stopWaiting = () => {};
  /** of a command that it has, to be told with the next poll */
  private lock = '';
  private isWorking = false;
  /** reports that it could not deliver */
  private readonly untold: (() => void)[] = [];

  constructor(
    private readonly device: string,
    private readonly hub: VirtualHub,
    private readonly take: (command: HandedCommand) => void,
  ) {}

  connect(): void {
    if (this.isOnline) return;
    this.isOnline = true;
    this.resume();
  }

  disconnect(): void {
    this.isOnline = false;
    this.hub.run(() => this.poll?.cut());
    this.forgetPoll();
  }

  /** Nothing is heard any more of whoever it was connected to. */
  hubIsDown(): void {
    this.isHubUp = false;
    this.poll?.abandon();
    this.forgetPoll();
  }

  hubIsUp(): void {
    this.isHubUp = true;
    this.resume();
  }

  /** Tells what came of a command, and asks for the next one. @param result undefined: only that it has it */
  report(handed: HandedCommand, result: Report | undefined): void {
    this.isWorking = false;
    if (this.losesNext) this.losesNext = false;
    else if (result) this.send(handed, result);
    else this.lock = handed.lock;
    this.askAgain();
  }

  arrived(_: FakePoll, { commands, lock }: Delivery): void {
    this.forgetPoll();
    const [command] = commands;
    if (!command) return;
    this.isWorking = true;
    this.take({ command, lock });
  }

  ended(poll: FakePoll, reason: PollEnd | HubError): void {
    if (this.poll !== poll) return;
    this.forgetPoll();
    if (reason === 'timeout') setImmediate(() => this.askAgain());
    else this.wait(PAUSE_MS, () => this.askAgain());
  }

  /** True when what was just told is to be told once more. */
  takeDuplicate(): boolean {
    const { repeatsNext } = this;
    this.repeatsNext = false;
    return repeatsNext;
  }

  private get isConnected(): boolean {
    return this.isOnline && this.isHubUp;
  }

  /** Tells what it could not tell, and asks for more. */
  private resume(): void {
    if (!this.isConnected) return;
    this.hub.run(() => {
      for (const tell of this.untold.splice(0)) tell();
      this.ask();
    });
  }

  private forgetPoll(): void {
    this.stopWaiting();
    this.poll = undefined;
  }

  private askAgain(): void {
    if (!this.isConnected) return;
    recover(
      () => this.ask(),
      (error) => {
        this.noteFault(error, 'did not take a poll');
        this.wait(PAUSE_MS, () => this.askAgain());
      },
    );
  }

  /** @throws HubError `device_not_found`, `device_gone`, `device_limit` */
  private ask(): void {
    if (this.poll || this.isWorking) return;
    const { devices, commands } = this.hub.life;
    const poll = new FakePoll(this, devices.registry.asking(this.device), commands.rules.leaseMs, this.lock);
    this.lock = '';
    this.poll = poll;
    // What goes wrong with it is told to the poll.
    void commands.poll(this.device, poll);
    if (!poll.isOver) this.wait(WAIT_MS, () => poll.giveUp());
  }

  private send(handed: HandedCommand, result: Report): void {
    const tell = () => this.tell(handed, result);
    if (!this.isConnected) {
      this.untold.push(tell);
      return;
    }
    tell();
    if (this.takeDuplicate()) tell();
  }

  private tell({ command, lock }: HandedCommand, { status, data }: Report): void {
    const fact: ReportFact = { is: 'result', lock, status, data };
    recover(
      () => {
        const { devices, commands } = this.hub.life;
        const tracked = devices.registry.asking(this.device);
        tracked.contacted(0);
        return andThen(commands.report(this.device, command.id, fact), ({ verdict }) =>
          tracked.said({ verb: 'result', verdict }, command.seq),
        );
      },
      (error) => this.noteFault(error, `did not take a result of "${command.name}"`),
    );
  }

  private noteFault(error: unknown, what: string): void {
    const { message } = HubError.from(error);
    this.hub.log.warn({ device: this.device, error }, `The hub ${what} from "${this.device}": ${message}`);
  }

  private wait(ms: number, go: () => void): void {
    this.stopWaiting();
    const stop = this.hub.clock.every(ms, () => {
      stop();
      go();
    });
    this.stopWaiting = stop;
  }
}

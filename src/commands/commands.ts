import type { Commits } from '../channels/commits.js';
import { HubError } from '../channels/hub-error.js';
import { andThen, isPromise } from '../channels/maybe-promise.js';
import { checkDeviceId } from '../devices/device-id.js';
import type { ChangeSet, Commit, RecordChange } from '../engine/engine.js';
import type { MaybePromise } from '../engine/message-log.js';
import { addCommand, makeRoom } from './add-command.js';
import { commandIds } from './command-ids.js';
import type { CommandRules } from './command-rules.js';
import { type CommandOptions, type DraftCommand, draftCommand } from './draft-command.js';
import { type Command, isWaiting } from './life/command.js';
import type { Fact, ReportFact } from './life/fact.js';
import type { Step } from './life/step.js';
import { locateCommand } from './locate-command.js';
import type { CommandPoll } from './queue/command-poll.js';
import { type CommandParts, CommandQueues } from './queue/command-queues.js';
import type { QueueChange } from './queue/queue-change.js';
import { readEnded } from './queue/queue-state.js';
import { type SendParts, sendTogether, together } from './send-together.js';
import { Upkeep } from './upkeep.js';

export interface SentCommand {
  readonly command: Command;
  /** true: a poll that waited got it */
  readonly delivered: boolean;
  /** true: its Idempotency-Key had made it before */
  readonly isRepeated: boolean;
}

/** Commands of all devices: producers send them, devices poll for them and report, and both see how far they are. */
export class Commands {
  readonly rules: CommandRules;
  private readonly nextId = commandIds();
  private readonly commits: Commits;
  private readonly queues: CommandQueues;
  private readonly sending: SendParts;
  private readonly upkeep: Upkeep;
  private readonly faults: CommandParts['faults'];
  private readonly checkReceiver: CommandParts['checkReceiver'];

  constructor(parts: CommandParts) {
    this.rules = parts.rules;
    this.commits = parts.commits;
    this.checkReceiver = parts.checkReceiver;
    this.faults = parts.faults;
    this.queues = new CommandQueues(parts);
    this.sending = { queues: this.queues, commits: parts.commits, nextId: this.nextId };
    this.upkeep = new Upkeep(parts, this.queues);
  }

  /** Lets time pass for commands. Returns what ends it. */
  start(): () => void {
    const counted = this.queues.ended.begin();
    if (isPromise(counted)) counted.catch((error: unknown) => this.faults.note(error, { part: 'commands' }));
    return this.upkeep.start();
  }

  /**
   * Sends a command: it is committed when this returns.
   * @param params anything that JSON can say; undefined is sent as `{}`
   * @throws HubError `invalid_device_id`, `invalid_payload`, and as `sendDraft`
   */
  send(device: string, name: string, params: unknown, options?: CommandOptions): MaybePromise<SentCommand> {
    return this.sendDraft(draftCommand(device, name, params, options));
  }

  /**
   * @param idempotencyKey the same key with the same draft gives the command that it made before
   * @param alongside what is committed together with the command: both, or nothing
   * @throws HubError `device_not_found`, `device_gone`, `queue_full`, `idempotency_key_reused`, `channel_limit`; EngineError
   */
  sendDraft(draft: DraftCommand, idempotencyKey?: string, alongside?: ChangeSet): MaybePromise<SentCommand> {
    this.checkReceiver(draft.device);
    const queue = this.queues.of(draft.device);
    const added = queue.change(
      (change) =>
        andThen(
          addCommand(draft, { change, engine: this.commits.engine, nextId: this.nextId, idempotencyKey }),
          ({ id, isRepeated }) => andThen(this.bring(change, id), () => ({ change, id, isRepeated })),
        ),
      alongside && ((own) => this.commits.commit(together(alongside, own))),
    );
    // Read from the change once it is committed: the command may have been given to a poll with it.
    return andThen(added, ({ change, id, isRepeated }) => {
      const command = change.find(id) as Command;
      return { command, delivered: command.attempt > 0, isRepeated };
    });
  }

  /**
   * Sends a command for a job.
   * @param records of the job that are committed together with the command
   * @throws as `send`; EngineError `revision_conflict` when one of the records was changed meanwhile
   */
  sendForJob(draft: DraftCommand, records: (id: string) => readonly RecordChange[]): MaybePromise<void> {
    this.checkReceiver(draft.device);
    let alongside: readonly RecordChange[] = [];
    return this.queues.of(draft.device).change(
      (change) => {
        const parts = { change, engine: this.commits.engine, nextId: this.nextId, idempotencyKey: undefined };
        return andThen(addCommand(draft, parts), ({ id }) => {
          alongside = records(id);
        });
      },
      (own) => this.commits.commit(together({ records: alongside }, own)),
    );
  }

  /** Cancels a command that waits for its device; one that the device has, or that has ended, stays as it is. */
  withdraw(device: string, id: string): MaybePromise<void> {
    return this.queues.of(device).change((change) => {
      const command = change.find(id);
      if (command && isWaiting(command.state)) change.tell(id, { is: 'cancel', cause: 'canceled' });
    });
  }

  /** `listener` is told the id of a job once the end of a command of its is committed. */
  onJobNews(listener: (job: string) => void): void {
    this.queues.onJobNews = listener;
  }

  /**
   * Sends commands together with other changes: all in one commit, or nothing.
   * @throws HubError `queue_full`, `channel_limit`; EngineError
   */
  sendTogether(drafts: readonly DraftCommand[], changes: ChangeSet): MaybePromise<Commit> {
    return sendTogether(drafts, changes, this.sending);
  }

  /**
   * A device asks for commands.
   * @returns when the poll has been looked at: it is answered then, or waits
   * @throws HubError `invalid_device_id`
   */
  poll(device: string, poll: CommandPoll): MaybePromise<void> {
    return this.queues.of(checkDeviceId(device)).poll(poll);
  }

  /** A device says what became of a command. @throws HubError `command_not_found`; EngineError */
  report(device: string, id: string, fact: ReportFact): MaybePromise<Step> {
    return this.tell(device, id, fact);
  }

  /** @throws HubError `command_not_found`, EngineError */
  cancel(device: string, id: string): MaybePromise<Step> {
    return this.tell(device, id, { is: 'cancel', cause: 'canceled' });
  }

  /** Gives a DEAD command a second life. @throws HubError `command_not_found`, `queue_full`; EngineError */
  redrive(device: string, id: string): MaybePromise<Step> {
    return this.queues.of(checkDeviceId(device)).change((change) =>
      andThen(this.bring(change, id), (command) => {
        if (command.state.is === 'DEAD') makeRoom(command, change);
        return change.tell(id, { is: 'redrive' });
      }),
    );
  }

  /** A command as it is now, ended ones for as long as they are kept. @throws HubError `command_not_found` */
  find(device: string, id: string): MaybePromise<Command> {
    return this.queues.of(checkDeviceId(device)).change((change) => this.bring(change, id));
  }

  /**
   * The device that a command was sent to, ended ones for as long as they are kept; undefined: none has it.
   * @param registered ids of devices, which are looked at first
   */
  locate(id: string, registered: Iterable<string>): Promise<string | undefined> {
    return locateCommand(this.commits.engine, id, registered);
  }

  /**
   * Calls `listener` once the command ends.
   * @returns what ends the waiting
   */
  whenEnded(device: string, id: string, listener: (command: Command) => void): () => void {
    return this.queues.of(device).whenEnded(id, listener);
  }

  /** Deletes all commands of a device, ended ones too; its polls get 410. */
  drop(device: string): Promise<void> {
    return this.queues.of(device).drop();
  }

  /** How much of a device's queue waits, and how many polls wait for more. */
  stateOf(device: string): MaybePromise<{ readonly waiting: number; readonly polls: number }> {
    const queue = this.queues.of(checkDeviceId(device));
    return queue.change((change) => {
      const waiting = [...change.live()].filter(({ state }) => isWaiting(state)).length;
      return { waiting, polls: queue.polls };
    });
  }

  /** polls that wait for commands, over all devices */
  get polls(): number {
    return this.queues.polls;
  }

  /** ended commands that are kept, over all devices */
  get ended(): number {
    return this.queues.ended.count;
  }

  /** queues that are in memory */
  get openQueues(): number {
    return this.queues.size;
  }

  endAllPolls(): void {
    this.queues.endAllPolls();
  }

  private tell(device: string, id: string, fact: Fact): MaybePromise<Step> {
    return this.queues
      .of(checkDeviceId(device))
      .change((change) => andThen(this.bring(change, id), () => change.tell(id, fact)));
  }

  private bring(change: QueueChange, id: string): MaybePromise<Command> {
    const found = change.find(id);
    if (found) return found;
    return andThen(readEnded(this.commits.engine, change.device, id), (ended) => {
      if (!ended) throw commandNotFound(change.device, id);
      change.bring(ended);
      return ended.command;
    });
  }
}

function commandNotFound(device: string, id: string): HubError {
  return new HubError(
    'command_not_found',
    `Device "${device}" has no command "${id.slice(0, 40)}": it was never sent, or it ended longer ago than commands are kept.`,
  );
}

import { andThen } from '../../channels/maybe-promise.js';
import type { Engine } from '../../engine/engine.js';
import type { MaybePromise } from '../../engine/message-log.js';
import type { Revision } from '../../engine/record-table.js';
import type { Command } from '../life/command.js';
import { outcomeChannel } from '../outcome.js';
import { commandOf, EMPTY_HEAD, headOf, type QueueHead } from '../store/command-json.js';
import { endedOf } from '../store/ended-command.js';
import { ENDED, HEADS, LIVE, rangeOf, recordKey } from '../store/tables.js';
import { ById } from './by-id.js';
import { Deadlines } from './deadlines.js';
import { Lanes } from './lanes.js';

/** A command together with the record that holds it. */
export class Held {
  readonly id: string;

  constructor(
    readonly command: Command,
    /** of the record, in whichever table it is */
    readonly key: string,
    /** that of the last commit, also while the command is being changed; 0: it has no record yet */
    public revision: Revision,
    readonly table: typeof LIVE | typeof ENDED,
  ) {
    this.id = command.id;
  }
}

/** The most commands of one device: what one range of an engine gives. */
export const MAX_HELD = 10_000;

/** A device's queue: its commands that have not ended, in the orders in which they are asked for. */
export class QueueState {
  /** the channel that tells what becomes of them */
  readonly outcomes: string;
  readonly lanes = new Lanes();
  /** of names and params */
  bytes = 0;
  /** commands that have ended and are kept */
  ended = 0;
  private readonly byId = new ById<Held>();
  /** those that a device was given */
  private readonly handedOut = new ById<Command>();
  private readonly deadlines = new Deadlines(this);

  constructor(
    readonly device: string,
    public head: QueueHead,
    /** 0: there is no record */
    public headRevision: Revision,
  ) {
    this.outcomes = outcomeChannel(device);
  }

  get size(): number {
    return this.byId.size;
  }

  /** The commands, while they are few. */
  get few(): readonly Held[] | undefined {
    return this.byId.few;
  }

  get(id: string): Held | undefined {
    return this.byId.get(id);
  }

  /** True for a command as it is now. */
  has(command: Command): boolean {
    return this.byId.get(command.id)?.command === command;
  }

  *commands(): Generator<Command> {
    for (const { command } of this.byId.values()) yield command;
  }

  /** Those that were given to the device at least once. */
  given(): readonly Command[] {
    if (this.handedOut.size === 0) return NONE;
    return this.handedOut.few?.slice() ?? [...this.handedOut.values()];
  }

  /** The command that time will change first. */
  get firstDue(): Command | undefined {
    return this.deadlines.first();
  }

  /** When time alone will change a command, unix ms; undefined: never */
  get nextDeadline(): number | undefined {
    return this.deadlines.nextAt;
  }

  /** Takes in a command, in place of what it was before. */
  put(held: Held): void {
    const { command } = held;
    const before = this.byId.get(command.id);
    if (before) this.lanes.remove(before.command);
    else this.bytes += sizeOf(command);
    this.byId.put(held);
    this.lanes.add(command);
    this.deadlines.add(command);
    if (command.locks.length > 0) this.handedOut.put(command);
    else if (before) this.handedOut.delete(command.id);
  }

  remove(id: string): void {
    const before = this.byId.get(id);
    if (!before) return;
    this.byId.delete(id);
    this.handedOut.delete(id);
    this.lanes.remove(before.command);
    this.bytes -= sizeOf(before.command);
  }
}

const NONE: readonly Command[] = [];

/** Reads a device's queue: three reads, however many queues there are. */
export function readQueue(engine: Engine, device: string): MaybePromise<QueueState> {
  return andThen(engine.table(HEADS).get(device), (head) =>
    andThen(engine.table(LIVE).range({ ...rangeOf(device), limit: MAX_HELD }), (records) =>
      andThen(engine.table(ENDED).count(rangeOf(device)), (ended) => {
        const state = new QueueState(device, head ? headOf(head.value) : EMPTY_HEAD, head?.revision ?? 0);
        for (const { key, value, revision } of records) state.put(new Held(commandOf(value), key, revision, LIVE));
        state.ended = ended;
        return state;
      }),
    ),
  );
}

/** An ended command; undefined when there is none. */
export function readEnded(engine: Engine, device: string, id: string): MaybePromise<Held | undefined> {
  return andThen(engine.table(ENDED).get(recordKey(device, id)), (record) => {
    return record && new Held(endedOf(record.value), record.key, record.revision, ENDED);
  });
}

/** Bytes that a command counts with against its queue's limit. */
export function sizeOf({ name, paramsJson }: Pick<Command, 'name' | 'paramsJson'>): number {
  return Buffer.byteLength(name) + Buffer.byteLength(paramsJson);
}

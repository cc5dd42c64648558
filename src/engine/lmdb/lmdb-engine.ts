import { checkRecords } from '../change-rules.js';
import { type ChangeSet, type Commit, type Engine, type EngineStats, writtenChange } from '../engine.js';
import type { EngineError } from '../message-log.js';
import type { Batch } from './batch.js';
import { ChannelCount } from './channel-entry.js';
import { ChannelIndex } from './channel-index.js';
import { commitError } from './commit-error.js';
import { type CommitOwner, CommitQueue } from './commit-queue.js';
import { DiskReader } from './disk-reader.js';
import { EMPTY_STATE, type EngineState, readState, STATE_KEY, writeState } from './engine-state.js';
import { Environment } from './environment.js';
import { HotTails } from './hot-tails.js';
import { LmdbMessageLog } from './lmdb-message-log.js';
import { LmdbRecordTable, writeRecord } from './lmdb-record-table.js';
import { Positions } from './positions.js';
import { RecordOverlay } from './record-overlay.js';
import { RemovedChannels } from './removed-channels.js';
import { Room, type RoomLimits } from './room.js';

export interface LmdbOptions extends RoomLimits {
  /** absolute; it exists */
  readonly folder: string;
  /** unix ms; the hub's Clock */
  readonly now: () => number;
  /** ms that never go back; the hub's Clock */
  readonly uptime: () => number;
}

/** Keeps messages and records in one lmdb file: what it acknowledged outlasts the process and the machine's power. */
export class LmdbEngine implements Engine, CommitOwner {
  readonly messages: LmdbMessageLog;
  private readonly queue: CommitQueue;
  private readonly room: Room;
  private readonly positions: Positions;
  private readonly count: ChannelCount;
  private readonly removed: RemovedChannels;
  private readonly disk: DiskReader;
  private readonly overlay = new RecordOverlay();
  private readonly tables = new Map<string, LmdbRecordTable>();
  private revision: number;
  private nextChannel: number;
  private closed: Promise<void> | undefined = undefined;

  constructor(
    private readonly env: Environment,
    private readonly options: LmdbOptions,
    /** called when the folder may be opened by another engine */
    private readonly onClosed: () => void,
  ) {
    const stored = env.singles.getBinary(STATE_KEY);
    const state = stored ? readState(stored) : EMPTY_STATE;
    this.revision = state.revision;
    this.nextChannel = state.nextChannel;
    this.positions = new Positions(state);
    this.count = new ChannelCount(state.channels);
    this.queue = new CommitQueue(env, this);
    this.room = new Room(options, () => this.messages.dropExpired());
    this.room.visible.become(state);
    this.room.planned.become(state);
    const index = new ChannelIndex(env);
    this.disk = new DiskReader(env);
    const { disk } = this;
    this.removed = new RemovedChannels(env, { index, disk, queue: this.queue });
    const { room, queue, positions, count } = this;
    const tails = new HotTails(() => options.maxMemoryBytes - room.inMemory.bytes);
    const nextNumber = () => this.nextChannel++;
    const written = (name: string) => this.messages.written(name);
    const { now } = options;
    const forgetDeadReaders = () => env.forgetDeadReaders();
    this.messages = new LmdbMessageLog(
      { disk, room, tails, index, queue, positions, count, now, nextNumber, written, forgetDeadReaders },
      this.removed,
    );
  }

  table(name: string): LmdbRecordTable {
    let table = this.tables.get(name);
    if (!table) {
      table = new LmdbRecordTable(this.env, this.overlay, name);
      this.tables.set(name, table);
    }
    return table;
  }

  commit({ records: asked, messages = [] }: ChangeSet): Promise<Commit> {
    this.queue.admit();
    const records = asked.map(writtenChange);
    checkRecords(records, (table, key) => this.table(table).get(key)?.revision ?? 0);
    // First the messages: they are refused when there is no room, records never are.
    const planned = this.messages.plan(messages);
    const batch = this.queue.openBatch();
    const revision = ++this.revision;
    for (const change of records) {
      this.overlay.put(batch, change, revision);
      batch.write((env) => writeRecord(env, change, revision), change.key.length + (change.value?.length ?? 0));
    }
    for (const { log } of planned) log.untold++;
    return new Promise((resolve, reject) => {
      const settle = () => {
        this.overlay.settle(batch, records);
        for (const { log, show } of planned) {
          log.untold--;
          show();
        }
        resolve({ revision, messages: planned.map(({ message }) => message) });
      };
      const fail = (error: EngineError) => {
        for (const { log } of planned) log.untold--;
        reject(error);
      };
      this.queue.wait({ settle, fail });
    });
  }

  /** the data folder */
  get folder(): string {
    return this.options.folder;
  }

  stats(): EngineStats {
    const { commits, failures, isHealthy } = this.queue;
    const { openChannels, tailBytes } = this.messages.inMemory;
    return { ...this.env.stats(), commits, failures, isHealthy, openChannels, tailBytes };
  }

  close(): Promise<void> {
    this.closed ??= this.stop();
    return this.closed;
  }

  private async stop(): Promise<void> {
    // The last commit says that no position is reserved any more.
    this.queue.openBatch();
    await this.queue.drain();
    this.disk.close();
    await this.env.close();
    this.onClosed();
  }

  state(): EngineState {
    const { revision, nextChannel, count, room, positions, closed } = this;
    const { messages, bytes } = room.planned;
    const { highest, reserved } = closed ? positions.lastState : positions.state;
    return { highest, reserved, revision, nextChannel, channels: count.stored, messages, bytes };
  }

  writeState(batch: Batch, state: EngineState): void {
    this.removed.addStep(batch);
    const value = writeState(state);
    batch.write((env) => env.singles.put(STATE_KEY, value), value.length);
  }

  settle(state: EngineState): void {
    this.positions.settle(state);
    if (this.removed.isUnderWay && !this.closed) this.queue.openBatch();
  }

  rollBack(): void {
    this.room.planned.become(this.room.visible);
    this.overlay.clear();
  }

  errorOf(cause: unknown): Promise<EngineError> {
    return commitError(cause, this.options.folder);
  }

  isMakingRoom(): boolean {
    return this.removed.isMakingRoom;
  }

  uptime(): number {
    return this.options.uptime();
  }
}

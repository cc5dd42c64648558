import { Channels } from '../../../../src/channels/channels.js';
import { Commits } from '../../../../src/channels/commits.js';
import { FaultLog } from '../../../../src/channels/fault-log.js';
import type { CommandRules } from '../../../../src/commands/command-rules.js';
import type { Commands } from '../../../../src/commands/commands.js';
import type { JobDraft } from '../../../../src/commands/jobs/draft-job.js';
import { viewProgress } from '../../../../src/commands/jobs/job-view.js';
import { Jobs } from '../../../../src/commands/jobs/jobs.js';
import { DEFAULT_RATE, paceOf } from '../../../../src/commands/jobs/pace.js';
import type { JobLimits } from '../../../../src/commands/jobs/plan.js';
import type { Command } from '../../../../src/commands/life/command.js';
import { commandOf } from '../../../../src/commands/store/command-json.js';
import { endedOf } from '../../../../src/commands/store/ended-command.js';
import { ENDED, LIVE } from '../../../../src/commands/store/tables.js';
import { indexChanges } from '../../../../src/devices/registry/attribute-index.js';
import type { Attributes } from '../../../../src/devices/registry/attributes.js';
import { DEVICE_TABLE, writeDevice } from '../../../../src/devices/registry/device-record.js';
import type { ChangeSet, Commit, Engine } from '../../../../src/engine/engine.js';
import { MemoryEngine } from '../../../../src/engine/memory/memory-engine.js';
import { EngineError } from '../../../../src/engine/message-log.js';
import { silentLogger } from '../../../../src/telemetry/logger.js';
import { ManualClock } from '../../../support/manual-clock.js';
import { RecordedPoll } from '../../queue/device-under-test.js';
import { madeCommands } from '../../support/made-commands.js';

/** An engine as a process has it that is killed after a number of commits: it changes nothing any more. */
class MortalEngine implements Engine {
  commitsLeft = Number.POSITIVE_INFINITY;

  constructor(private readonly inner: MemoryEngine) {}

  get messages() {
    return this.inner.messages;
  }

  table(name: string) {
    return this.inner.table(name);
  }

  commit(changes: ChangeSet): Commit {
    if (this.commitsLeft-- <= 0) throw new EngineError('engine_unavailable', 'The process was killed.');
    return this.inner.commit(changes);
  }

  close(): Promise<void> {
    return this.inner.close();
  }
}

/** Jobs and their devices on the memory engine, in time that stands still until it is moved. */
export class JobsUnderTest {
  readonly clock = new ManualClock();
  readonly engine: MemoryEngine;
  private process: MortalEngine;
  private stopCommands: () => void = () => {};
  commands!: Commands;
  jobs!: Jobs;
  channels!: Channels;

  constructor(private readonly rules: Partial<CommandRules> = {}) {
    this.engine = new MemoryEngine({ now: () => this.clock.now(), maxBytes: 1_000_000_000, maxMessages: 1_000_000 });
    this.process = this.boot();
  }

  /** The process is killed, after so many further commits, and another one goes on with what it has committed. */
  async killAfter(commits: number, meanwhile: () => Promise<void> = async () => {}): Promise<void> {
    this.process.commitsLeft = commits;
    await meanwhile();
    this.process.commitsLeft = 0;
    this.process = this.boot();
    await this.jobs.load();
  }

  /** Lets time pass in steps as the hub's. */
  async pass(ms: number, stepMs = 100): Promise<void> {
    for (let passed = 0; passed < ms; passed += stepMs) {
      this.clock.advance(stepMs);
      await this.jobs.round();
    }
  }

  /** Makes a job as far as it differs from the plainest one. */
  async make(
    draft: Partial<Omit<JobDraft, 'limits'>>,
    limits: Partial<JobLimits> & { rate?: string } = {},
  ): Promise<string> {
    const { rate = DEFAULT_RATE } = limits;
    const command = { name: 'update', paramsJson: '{}', options: {}, ...draft.command };
    const made = await this.jobs.create({ ...draft, command, limits: { rate, pace: paceOf(rate), ...limits } });
    return made.job.plan.id;
  }

  /** Registers devices. */
  register(devices: Readonly<Record<string, Attributes>>): void {
    for (const [id, attributes] of Object.entries(devices)) {
      const value = writeDevice({ attributes, registeredAt: 0, registeredBy: 'request' });
      this.engine.commit({ records: [{ table: DEVICE_TABLE, key: id, value }, ...indexChanges(id, {}, attributes)] });
    }
  }

  /** A device polls and does not wait. */
  async take(device: string): Promise<RecordedPoll> {
    const poll = new RecordedPoll();
    await this.commands.poll(device, poll);
    poll.giveUp();
    return poll;
  }

  /** A device takes its next command and says what came of it. @returns false: it has none */
  async answer(device: string, status: number): Promise<boolean> {
    const poll = await this.take(device);
    const command = poll.delivery?.commands[0];
    if (!command) return false;
    await this.commands.report(device, command.id, { is: 'result', lock: poll.delivery?.lock as string, status });
    return true;
  }

  async look(id: string) {
    return viewProgress(await this.jobs.find(id));
  }

  /** Every command that there is, in the order of their making. */
  allCommands(): Command[] {
    const all = { limit: 10_000 };
    const live = this.engine
      .table(LIVE)
      .range(all)
      .map(({ value }) => commandOf(value));
    const ended = this.engine
      .table(ENDED)
      .range(all)
      .map(({ value }) => endedOf(value));
    return [...live, ...ended].sort((a, b) => (a.id < b.id ? -1 : 1));
  }

  /** The devices that have a command, in the order in which they were sent it. */
  sentTo(): string[] {
    return this.allCommands().map(({ device }) => device);
  }

  private boot(): MortalEngine {
    const process = new MortalEngine(this.engine);
    this.channels = new Channels(this.engine.messages, this.clock, { maxChannels: 100_000 });
    this.commands = madeCommands(process, this.channels, this.rules);
    this.jobs = this.newJobs(process);
    this.stopCommands();
    this.stopCommands = this.commands.start();
    return process;
  }

  private newJobs(process: Engine): Jobs {
    const { clock, commands, channels } = this;
    const faults = new FaultLog(silentLogger, clock);
    return new Jobs({ commits: new Commits(process, channels), commands, clock, faults });
  }
}

export function devicesNamed(prefix: string, count: number): string[] {
  return Array.from({ length: count }, (_, i) => `${prefix}${String(i).padStart(5, '0')}`);
}

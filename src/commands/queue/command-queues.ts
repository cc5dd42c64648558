import { randomInt } from 'node:crypto';
import type { Clock } from '../../channels/clock.js';
import type { Commits } from '../../channels/commits.js';
import { DeadlineWheel } from '../../channels/deadline-wheel.js';
import type { FaultLog } from '../../channels/fault-log.js';
import type { CommandRules } from '../command-rules.js';
import { EndedCommands } from '../ended-commands.js';
import { DeviceQueue, type QueueParts } from './device-queue.js';
import { TokenLocks } from './locks.js';

/** What commands are made of. */
export interface CommandParts {
  readonly commits: Commits;
  readonly clock: Clock;
  readonly rules: CommandRules;
  readonly faults: FaultLog;
  /** @throws HubError `device_not_found`, `device_gone` for a device that nothing may be sent to */
  readonly checkReceiver: (device: string) => void;
}

/** Queues in memory; past it those that nobody waits for are closed before a further one is opened. */
const MAX_OPEN = 100_000;
/** Queues that are looked at to find one that can be closed. */
const MAX_LOOKED_AT = 32;
const RANDOM_STEPS = 1_000_000;

/** The queues of all devices: one is in memory from its first use until nobody has waited for it for a while. */
export class CommandQueues {
  readonly wheel: DeadlineWheel;
  readonly ended: EndedCommands;
  /** told of a job once news for it are committed */
  onJobNews: (job: string) => void = () => {};
  private readonly open = new Map<string, DeviceQueue>();
  private readonly parts: QueueParts;

  constructor(parts: CommandParts) {
    const { commits, clock, rules, faults } = parts;
    this.ended = new EndedCommands(parts, (device) => this.open.get(device)?.forgotOne());
    this.wheel = new DeadlineWheel(() => clock.uptime());
    this.parts = {
      commits,
      clock,
      wheel: this.wheel,
      rules,
      faults,
      locks: new TokenLocks(),
      random: () => randomInt(RANDOM_STEPS) / RANDOM_STEPS,
      onJobNews: (job) => this.onJobNews(job),
      endedMore: (difference) => {
        if (difference !== 0) this.ended.changedBy(difference);
      },
      close: (queue) => this.close(queue),
    };
  }

  /** queues in memory */
  get size(): number {
    return this.open.size;
  }

  /** The queue of a device; the same object as long as somebody waits for it. */
  of(device: string): DeviceQueue {
    let queue = this.open.get(device);
    if (!queue) {
      if (this.open.size >= MAX_OPEN) this.makeRoom();
      queue = new DeviceQueue(device, this.parts);
      this.open.set(device, queue);
    }
    return queue;
  }

  /** polls that wait, over all devices */
  get polls(): number {
    let polls = 0;
    for (const queue of this.open.values()) polls += queue.polls;
    return polls;
  }

  /** Ends every poll, so that its device polls again elsewhere or later. */
  endAllPolls(): void {
    for (const queue of this.open.values()) queue.endPolls('stopping');
  }

  private close(queue: DeviceQueue): void {
    this.wheel.disarm(queue);
    this.open.delete(queue.device);
  }

  /** Closes one that nobody waits for: those opened first are looked at first, and then stand last. */
  private makeRoom(): void {
    let looked = 0;
    for (const [device, queue] of this.open) {
      if (queue.isClosable) return this.close(queue);
      this.open.delete(device);
      this.open.set(device, queue);
      if (++looked === MAX_LOOKED_AT) return;
    }
  }
}

import type { Channel } from '../../channels/channel.js';
import type { Channels } from '../../channels/channels.js';
import { HubError } from '../../channels/hub-error.js';
import type { Poll, PollEnd } from '../../channels/parked-polls.js';
import { type DesiredStates, desiredChannel } from '../../devices/desired-states.js';
import type { TrackedDevice } from '../../devices/tracked-device.js';
import { problemAnswer } from '../answers.js';
import type { Answer, Exchange, Parking } from '../exchange.js';
import { desiredAnswer } from './desired-answer.js';

/** What a request for a desired state asks for. */
export interface AskedState {
  /** the version that the device has reached; it is noted as reported */
  readonly after: number | undefined;
  /** the version that the client has read, by If-None-Match; nothing is noted */
  readonly seen: number | undefined;
  /** 0: it does not wait */
  readonly waitMs: number;
}

export interface DesiredWaitParts {
  readonly desired: DesiredStates;
  readonly channels: Channels;
}

const NO_STORE = ['Cache-Control', 'no-store'] as const;

/**
 * A request for a device's desired state: answered when there is another version than it has, at once or by a change that
 * comes in time. It waits among the polls of the channel that tells of changes.
 */
export class DesiredWait implements Poll, Parking {
  parkIndex = -1;
  readonly hasReadHead = true;
  /** answered, or its client has left: the exchange may serve another request by now */
  private isOver = false;
  private channel: Channel | undefined;

  constructor(
    private readonly exchange: Exchange,
    private readonly device: TrackedDevice,
    private readonly asked: AskedState,
    private readonly parts: DesiredWaitParts,
  ) {}

  start(): void {
    this.exchange.parkedIn = this;
    if (this.asked.waitMs > 0) this.exchange.armTimeout(this.asked.waitMs);
    this.lookAgain();
  }

  deliver(): void {
    this.lookAgain();
  }

  end(reason: PollEnd): void {
    if (!this.isOver) this.exchange.end(reason);
    this.isOver = true;
  }

  leave(): void {
    this.isOver = true;
    this.channel?.leave(this);
  }

  endAnswer(reason: PollEnd): Answer {
    switch (reason) {
      case 'gone':
        return problemAnswer(new HubError('device_gone', `Device "${this.device.id}" was deleted.`));
      case 'stopping':
        return { ...this.nothingNew(), close: true };
      default:
        return this.nothingNew();
    }
  }

  private lookAgain(): void {
    this.look().catch((error: unknown) => {
      if (!this.isOver) this.exchange.fail(error);
      this.isOver = true;
    });
  }

  private async look(): Promise<void> {
    const { device, asked, parts } = this;
    // Where the channel stands before the state is read: what changes meanwhile is found behind it.
    const reached = asked.waitMs > 0 ? this.openChannel().log.last : 0;
    const state = await parts.desired.get(device.id);
    if (this.isOver) return;
    if (state && state.version !== (asked.after ?? asked.seen)) return this.answer(desiredAnswer(200, state));
    if (state && asked.after !== undefined) await parts.desired.report(device.id, state.version);
    if (this.isOver) return;
    if (device.isForgotten) this.end('gone');
    else if (asked.waitMs === 0) this.answer(this.nothingNew());
    else this.channel?.poll(reached, this);
  }

  private openChannel(): Channel {
    this.channel = this.parts.channels.open(desiredChannel(this.device.id));
    this.channel.noteRequest();
    return this.channel;
  }

  private answer(answer: Answer): void {
    this.isOver = true;
    this.exchange.answer(answer);
  }

  /** 304 for who named what it has read, as HTTP has it; 204 for a device. */
  private nothingNew(): Answer {
    const { after, seen } = this.asked;
    const isConditional = after === undefined && seen !== undefined;
    return { status: isConditional ? 304 : 204, headers: [NO_STORE], body: '' };
  }
}

import type { Poll, PollEnd } from '../../../src/channels/parked-polls.js';
import type { StoredMessage } from '../../../src/engine/message-log.js';

/** A poll that writes down what it is answered. */
export class RecordedPoll implements Poll {
  parkIndex = -1;
  /** the bodies of messages, and `ended: <reason>` */
  readonly answers: string[] = [];
  readonly messages: StoredMessage[] = [];

  /** @param onAnswer called with each answer, as a client is that goes on at once */
  constructor(private readonly onAnswer: (poll: RecordedPoll) => void = () => {}) {}

  deliver(message: StoredMessage): void {
    this.messages.push(message);
    this.answers.push(message.body.toString());
    this.onAnswer(this);
  }

  end(reason: PollEnd): void {
    this.answers.push(`ended: ${reason}`);
    this.onAnswer(this);
  }
}

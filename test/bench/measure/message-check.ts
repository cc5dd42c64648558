import { BenchFault } from '../bench-fault.js';
import { claimedSequence, messageBody } from './message-body.js';

/** Decides whether what a subscriber got is what it should have got next. */
export interface MessageCheck {
  /** @throws BenchFault when the message is lost, repeated, out of order or not intact */
  take(body: string): void;
}

/** Checks that one subscriber gets every message of a stream once, in order and intact. */
export class SequenceCheck implements MessageCheck {
  private next: number;

  /**
   * @param stream the stream's name, which each body begins with
   * @param bytes length of each body
   * @param first the sequence number that must come first
   */
  constructor(
    readonly stream: string,
    private readonly bytes: number,
    first = 0,
  ) {
    this.next = first;
  }

  /** The number of the message that must come next. */
  get expected(): number {
    return this.next;
  }

  take(body: string): void {
    const sequence = claimedSequence(this.stream, body);
    if (sequence === undefined) throw new BenchFault(`A subscriber of "${this.stream}" got ${excerpt(body)} instead.`);
    if (sequence !== this.next) throw new BenchFault(this.disorder(sequence));
    if (body !== messageBody(this.stream, sequence, this.bytes)) {
      throw new BenchFault(
        `Message ${sequence} of "${this.stream}" came with ${body.length} bytes that are not the ${this.bytes} published.`,
      );
    }
    this.next++;
  }

  /** The stream is read again from `first` on. */
  restart(first: number): void {
    this.next = first;
  }

  /** @throws BenchFault when fewer messages came than were published. @param published the number behind the last one */
  finish(published: number): void {
    if (this.next === published) return;
    throw new BenchFault(`"${this.stream}": ${published - this.next} messages from number ${this.next} on never came.`);
  }

  private disorder(sequence: number): string {
    return sequence < this.next
      ? `Message ${sequence} of "${this.stream}" came again (or late): number ${this.next} was next.`
      : `Message ${sequence} of "${this.stream}" came, but number ${this.next} was next: lost, or out of order.`;
  }
}

/** What a body says, short enough for a sentence. */
export function excerpt(body: string): string {
  return body.length <= 80 ? JSON.stringify(body) : `${JSON.stringify(body.slice(0, 80))}... (${body.length} bytes)`;
}

import type { MessagePort, Worker } from 'node:worker_threads';

/** What a line is strung between. */
export type MessageEnd = Pick<MessagePort | Worker, 'postMessage' | 'on'>;

/** One end of a line between threads. What is sent in one go travels together: a message by itself costs a wake-up. */
export class Line<Out, In> {
  private waiting: Out[] = [];

  /**
   * @param receive gets messages that have travelled together, in order
   * @param soon calls the function it is given in a moment
   */
  constructor(
    private readonly end: MessageEnd,
    receive: (messages: readonly In[]) => void,
    private readonly soon: (flush: () => void) => void,
  ) {
    end.on('message', receive);
  }

  send(message: Out): void {
    this.waiting.push(message);
    if (this.waiting.length === 1) this.soon(() => this.flush());
  }

  private flush(): void {
    const messages = this.waiting;
    this.waiting = [];
    this.end.postMessage(messages);
  }
}

import { BenchFault } from '../bench-fault.js';
import { excerpt, type MessageCheck } from './message-check.js';

/** Checks that a fan gets the thermostat's commands once each: on, off, on and so forth, every one with an id of its own. */
export class CommandCheck implements MessageCheck {
  received = 0;
  private lastId = '';

  constructor(private readonly device: string) {}

  take(body: string): void {
    const { id, name, params } = this.read(body);
    const on = this.received % 2 === 0;
    if (name !== 'fan.set' || params?.on !== on) {
      throw new BenchFault(
        `Device ${this.device} was due to get command ${this.received}, fan.set {"on":${on}}, but got ${excerpt(body)}: ` +
          'one was lost, repeated or out of order.',
      );
    }
    if (typeof id !== 'string' || id === '' || id === this.lastId) {
      throw new BenchFault(`Device ${this.device} got a command without an id of its own: ${excerpt(body)}.`);
    }
    this.lastId = id;
    this.received++;
  }

  private read(body: string): { id?: unknown; name?: unknown; params?: { on?: unknown } } {
    try {
      return JSON.parse(body) ?? {};
    } catch (error) {
      throw new BenchFault(`Device ${this.device} got ${excerpt(body)}, which is no JSON.`, { cause: error });
    }
  }
}

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { DeviceQueue } from '../../src/logic/running/device-queue.js';
import type { QueuedEvent } from '../../src/logic/running/queued-event.js';

/** The same by searching: the oldest event of a device that has none in hand, devices in the order they became free. */
class Model {
  readonly waiting: QueuedEvent[] = [];
  readonly inHand: QueuedEvent[] = [];
  private readonly free: string[] = [];

  add(event: QueuedEvent): void {
    const { device } = event;
    const isKnown = [...this.waiting, ...this.inHand].some((other) => other.device === device);
    this.waiting.push(event);
    if (!isKnown) this.free.push(device);
  }

  take(): QueuedEvent | undefined {
    const device = this.free.shift();
    const at = this.waiting.findIndex((event) => event.device === device);
    const [event] = at < 0 ? [] : this.waiting.splice(at, 1);
    if (event) this.inHand.push(event);
    return event;
  }

  release(event: QueuedEvent): void {
    this.inHand.splice(this.inHand.indexOf(event), 1);
    if (this.waiting.some(({ device }) => device === event.device)) this.free.push(event.device);
  }
}

function eventOf(device: string, bytes: number): QueuedEvent {
  return { device, body: Buffer.alloc(bytes), lane: undefined, next: undefined } as unknown as QueuedEvent;
}

describe('A device queue', () => {
  it('hands out, for any order of adding, taking and releasing, what searching would find', () => {
    const steps = fc.array(
      fc.oneof(
        fc.record({ add: fc.constantFrom('a', 'b', 'c', 'd'), bytes: fc.nat(9) }),
        fc.constant('take' as const),
        fc.record({ release: fc.nat(9) }),
      ),
      { maxLength: 80 },
    );
    fc.assert(
      fc.property(steps, (all) => {
        const queue = new DeviceQueue();
        const model = new Model();
        for (const step of all) {
          if (step === 'take') {
            expect(queue.take()).toBe(model.take());
          } else if ('add' in step) {
            const event = eventOf(step.add, step.bytes);
            queue.add(event);
            model.add(event);
          } else if (model.inHand.length > 0) {
            const event = model.inHand[step.release % model.inHand.length] as QueuedEvent;
            queue.release(event);
            model.release(event);
          }
          expect(queue.size).toBe(model.waiting.length);
          expect(queue.bytes).toBe(model.waiting.reduce((sum, { body }) => sum + body.length, 0));
        }
      }),
    );
  });

  it('forgets what waits when it is cleared', () => {
    const queue = new DeviceQueue();
    for (const device of ['a', 'a', 'b']) queue.add(eventOf(device, 1));
    queue.take();
    expect([queue.clear(), queue.take(), queue.size, queue.bytes]).toEqual([2, undefined, 0, 0]);
  });
});

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { LaneQueue, type Queued } from '../../src/logic/running/lane-queue.js';

interface QueuedEvent extends Queued<QueuedEvent> {}

/** The same by searching: the oldest event of a device that has none in hand, devices in the order they became free. */
class Model {
  readonly waiting: QueuedEvent[] = [];
  readonly inHand: QueuedEvent[] = [];
  private readonly free: string[] = [];

  add(event: QueuedEvent): void {
    const { key } = event;
    const isKnown = [...this.waiting, ...this.inHand].some((other) => other.key === key);
    this.waiting.push(event);
    if (!isKnown) this.free.push(key);
  }

  take(): QueuedEvent | undefined {
    const key = this.free.shift();
    const at = this.waiting.findIndex((event) => event.key === key);
    const [event] = at < 0 ? [] : this.waiting.splice(at, 1);
    if (event) this.inHand.push(event);
    return event;
  }

  putBack(event: QueuedEvent): void {
    this.returnToWaiting(event);
    this.free.push(event.key);
  }

  putFirst(event: QueuedEvent): void {
    this.returnToWaiting(event);
    this.free.unshift(event.key);
  }

  release(event: QueuedEvent): void {
    this.inHand.splice(this.inHand.indexOf(event), 1);
    if (this.waiting.some(({ key }) => key === event.key)) this.free.push(event.key);
  }

  private returnToWaiting(event: QueuedEvent): void {
    this.inHand.splice(this.inHand.indexOf(event), 1);
    const before = this.waiting.findIndex(({ key }) => key === event.key);
    this.waiting.splice(before < 0 ? this.waiting.length : before, 0, event);
  }
}

function eventOf(key: string, bytes: number): QueuedEvent {
  return { key, bytes, lane: undefined, next: undefined };
}

describe('A lane queue', () => {
  it('hands out, for any order of adding, taking and releasing, what searching would find', () => {
    const steps = fc.array(
      fc.oneof(
        fc.record({ add: fc.constantFrom('a', 'b', 'c', 'd'), bytes: fc.nat(9) }),
        fc.constant('take' as const),
        fc.record({ end: fc.constantFrom('release', 'putBack', 'putFirst'), of: fc.nat(9) }),
      ),
      { maxLength: 80 },
    );
    fc.assert(
      fc.property(steps, (all) => {
        const queue = new LaneQueue<QueuedEvent>();
        const model = new Model();
        for (const step of all) {
          if (step === 'take') {
            expect(queue.take()).toBe(model.take());
          } else if ('add' in step) {
            const event = eventOf(step.add, step.bytes);
            queue.add(event);
            model.add(event);
          } else if (model.inHand.length > 0) {
            const event = model.inHand[step.of % model.inHand.length] as QueuedEvent;
            queue[step.end](event);
            model[step.end](event);
          }
          expect(queue.size).toBe(model.waiting.length);
          expect(queue.bytes).toBe(model.waiting.reduce((sum, { bytes }) => sum + bytes, 0));
        }
      }),
    );
  });

  it('forgets what waits when it is cleared', () => {
    const queue = new LaneQueue<QueuedEvent>();
    for (const device of ['a', 'a', 'b']) queue.add(eventOf(device, 1));
    queue.take();
    expect([queue.clear(), queue.take(), queue.size, queue.bytes]).toEqual([2, undefined, 0, 0]);
  });
});

import { type ComparedCommand, meaningOf } from './compared-command.js';

/** What two versions of a plugin do otherwise: `expected` is of the one that ran, `actual` of the one that is looked at. */
export type Difference =
  | { readonly is: 'missing'; readonly expected: ComparedCommand }
  | { readonly is: 'extra'; readonly actual: ComparedCommand }
  /** the same command with other params or options */
  | { readonly is: 'changed'; readonly expected: ComparedCommand; readonly actual: ComparedCommand }
  /** the same command, for another event, or before another one of its device that it was behind */
  | { readonly is: 'moved'; readonly expected: ComparedCommand; readonly actual: ComparedCommand };

export interface PairingListener {
  /** Both sent it; one that was moved is a difference as well. */
  same(expected: ComparedCommand, actual: ComparedCommand): void;
  differs(difference: Difference): void;
}

interface Waiting {
  readonly command: ComparedCommand;
  readonly meaning: string;
  /** number among its device's, on its side */
  readonly number: number;
}

/** A device of which commands wait for their like. */
class DevicePairs {
  readonly expected: Waiting[] = [];
  readonly actual: Waiting[] = [];
  /** how many there were on each side */
  expectedCount = 0;
  actualCount = 0;
  /** numbers of the pair that is furthest on */
  last = { expected: -1, actual: -1 };

  get isIdle(): boolean {
    return this.expected.length === 0 && this.actual.length === 0;
  }

  /** Notes a pair. @returns true: it crosses one before it */
  cross(expected: number, actual: number): boolean {
    const { last } = this;
    if ((expected - last.expected) * (actual - last.actual) < 0) return true;
    if (expected > last.expected) this.last = { expected, actual };
    return false;
  }
}

/**
 * Pairs the commands of two versions of a plugin, device by device, as they come: each waits a while for its like from the
 * other side, so that only what is new is in memory.
 */
export class Pairing {
  /** commands that wait */
  size = 0;
  private readonly devices = new Map<string, DevicePairs>();

  constructor(private readonly listener: PairingListener) {}

  /** The version that ran has sent it. */
  expect(command: ComparedCommand): void {
    const device = this.deviceOf(command);
    const waiting = { command, meaning: meaningOf(command), number: device.expectedCount++ };
    const like = takeLike(device.actual, waiting);
    if (like) this.pair(device, waiting, like);
    else this.wait(device.expected, waiting);
  }

  /** The version that is looked at would send it. */
  add(command: ComparedCommand): void {
    const device = this.deviceOf(command);
    const waiting = { command, meaning: meaningOf(command), number: device.actualCount++ };
    const like = takeLike(device.expected, waiting);
    if (like) this.pair(device, like, waiting);
    else this.wait(device.actual, waiting);
  }

  /** Waits no longer for those that were sent before a moment. @param before unix ms; Infinity: for none */
  expire(before: number): void {
    for (const [id, device] of this.devices) {
      for (let first = takeOld(device.expected, before); first; first = takeOld(device.expected, before)) {
        this.settle(first, takeNearest(device.actual, first));
      }
      for (let first = takeOld(device.actual, before); first; first = takeOld(device.actual, before)) {
        this.settle(takeNearest(device.expected, first), first);
      }
      if (device.isIdle) this.devices.delete(id);
    }
  }

  private deviceOf({ device: id }: ComparedCommand): DevicePairs {
    let device = this.devices.get(id);
    if (!device) {
      device = new DevicePairs();
      this.devices.set(id, device);
    }
    return device;
  }

  private wait(side: Waiting[], waiting: Waiting): void {
    side.push(waiting);
    this.size++;
  }

  private pair(device: DevicePairs, { command: expected, number }: Waiting, actual: Waiting): void {
    this.size--;
    this.listener.same(expected, actual.command);
    if (device.cross(number, actual.number)) this.listener.differs({ is: 'moved', expected, actual: actual.command });
  }

  /** What has waited in vain for its like. At least one of the two is there. */
  private settle(expected: Waiting | undefined, actual: Waiting | undefined): void {
    if (expected && actual) {
      this.size -= 2;
      const both = { expected: expected.command, actual: actual.command };
      if (expected.meaning !== actual.meaning) return this.listener.differs({ is: 'changed', ...both });
      this.listener.same(both.expected, both.actual);
      return this.listener.differs({ is: 'moved', ...both });
    }
    this.size--;
    if (expected) this.listener.differs({ is: 'missing', expected: expected.command });
    if (actual) this.listener.differs({ is: 'extra', actual: actual.command });
  }
}

/** The first of the other side that means the same and was sent for the same reason, taken out. */
function takeLike(side: Waiting[], like: Waiting): Waiting | undefined {
  return takeFirst(side, (other) => other.meaning === like.meaning && haveOneReason(other.command, like.command));
}

/** What comes nearest to one that has no like: the same command otherwise, or for another reason. */
function takeNearest(side: Waiting[], { command, meaning }: Waiting): Waiting | undefined {
  const isOtherwise = (other: Waiting) => other.command.name === command.name && haveOneReason(other.command, command);
  return takeFirst(side, isOtherwise) ?? takeFirst(side, (other) => other.meaning === meaning);
}

/** A recording that was written by hand need not tell the reason. */
function haveOneReason({ by: a }: ComparedCommand, { by: b }: ComparedCommand): boolean {
  return a === b || a === '' || b === '';
}

function takeOld(side: Waiting[], before: number): Waiting | undefined {
  return side[0] && side[0].command.at < before ? side.shift() : undefined;
}

function takeFirst(side: Waiting[], isIt: (waiting: Waiting) => boolean): Waiting | undefined {
  const index = side.findIndex(isIt);
  return index < 0 ? undefined : side.splice(index, 1)[0];
}

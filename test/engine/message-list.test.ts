import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { KeptMessage } from '../../src/engine/kept-message.js';
import { MessageList } from '../../src/engine/message-list.js';

function message(position: number, expiresAt = 1_000): KeptMessage {
  return new KeptMessage(position, { body: Buffer.from('body'), contentType: null, expiresAt }, 0);
}

function filled(from: number, to: number, list = new MessageList()): MessageList {
  for (let position = from; position <= to; position++) list.push(message(position));
  return list;
}

function positionsIn(list: MessageList): number[] {
  return list.read(0, Number.POSITIVE_INFINITY, 0).map(({ position }) => position);
}

function range(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => from + i);
}

describe('MessageList', () => {
  it('keeps its order however many come in and go out', () => {
    const list = new MessageList();
    let [first, last] = [1, 0];
    for (const [come, go] of [
      [1, 0],
      [3, 2],
      [20, 1],
      [20, 20],
      [500, 3],
      [0, 495],
      [7, 9],
      [0, 21],
    ] as const) {
      filled(last + 1, last + come, list);
      last += come;
      for (let i = 0; i < go; i++) expect(list.shift()?.position).toBe(first++);
      expect(positionsIn(list)).toEqual(range(first, last));
      expect(list.length).toBe(last - first + 1);
      expect([list.first?.position, list.last?.position]).toEqual(
        list.length > 0 ? [first, last] : [undefined, undefined],
      );
      expect(list.bytes).toBe(list.length * message(1).cost);
    }
    expect(list.shift()).toBeUndefined();
  });

  it('finds the first message behind a position wherever positions are missing', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 20 }), (steps) => {
        const list = new MessageList();
        const positions: number[] = [];
        for (const step of steps) positions.push((positions.at(-1) ?? 7) + step);
        for (const position of positions) list.push(message(position));
        for (let after = 0; after <= (positions.at(-1) as number) + 2; after++) {
          expect(list.next(after, 0)?.position).toBe(positions.find((position) => position > after));
        }
      }),
    );
  });

  it('finds the first message behind each position, from whatever place it was turned to', () => {
    for (let turned = 0; turned < 20; turned++) {
      const list = filled(1, 16);
      for (let i = 0; i < turned; i++) {
        list.shift();
        filled(17 + i, 17 + i, list);
      }
      const [from, to] = [1 + turned, 16 + turned];
      for (let after = 0; after < to; after++) expect(list.next(after, 0)?.position).toBe(Math.max(after + 1, from));
      expect(list.next(to, 0)).toBeUndefined();
      expect(list.read(from, 3, 0).map(({ position }) => position)).toEqual(range(from + 1, from + 3));
      expect([list.at(0)?.position, list.at(15)?.position, list.at(16), list.at(-1)]).toEqual([
        from,
        to,
        undefined,
        undefined,
      ]);
    }
  });

  it('takes the newest out as well', () => {
    const list = filled(1, 40);
    for (let position = 40; position > 0; position--) {
      expect(list.last?.position).toBe(position);
      list.pop();
    }
    list.pop();
    expect([list.length, list.bytes, list.firstExpiresAt]).toEqual([0, 0, Number.POSITIVE_INFINITY]);
    expect(positionsIn(filled(1, 3, list))).toEqual([1, 2, 3]);
  });

  it('knows when its oldest message expires', () => {
    const list = new MessageList();
    expect(list.firstExpiresAt).toBe(Number.POSITIVE_INFINITY);
    list.push(message(1, 30));
    list.push(message(2, 10));
    expect(list.firstExpiresAt).toBe(30);
    list.shift();
    expect(list.firstExpiresAt).toBe(10);
    list.shift();
    expect(list.firstExpiresAt).toBe(Number.POSITIVE_INFINITY);
    list.push(message(3, 50));
    list.clear();
    expect([list.firstExpiresAt, list.length]).toEqual([Number.POSITIVE_INFINITY, 0]);
  });

  it('passes over what has expired', () => {
    const list = new MessageList();
    for (const [position, expiresAt] of [
      [1, 10],
      [2, 30],
      [3, 10],
      [4, 30],
    ] as const) {
      list.push(message(position, expiresAt));
    }
    expect(list.next(0, 10)?.position).toBe(2);
    expect(list.next(2, 10)?.position).toBe(4);
    expect(list.read(0, 10, 10).map(({ position }) => position)).toEqual([2, 4]);
  });

  it('is the list that it says it is, whatever is done to it', () => {
    const repeated = (what: 'push' | 'shift' | 'pop', max: number) =>
      fc.record({ what: fc.constant(what), times: fc.nat(max), lifetime: fc.integer({ min: 1, max: 50 }) });
    const steps = fc.oneof(
      { weight: 5, arbitrary: repeated('push', 40) },
      { weight: 4, arbitrary: repeated('shift', 40) },
      { weight: 2, arbitrary: repeated('pop', 20) },
      { weight: 1, arbitrary: fc.record({ what: fc.constant('clear' as const), times: fc.constant(1) }) },
    );
    fc.assert(
      fc.property(fc.array(steps, { maxLength: 30 }), (all) => {
        const list = new MessageList();
        const model: KeptMessage[] = [];
        let position = 0;
        for (const step of all) {
          for (let i = 0; i < step.times; i++) {
            if (step.what === 'push') {
              const next = message(++position, (step.lifetime * position) % 50);
              list.push(next);
              model.push(next);
            } else if (step.what === 'shift') expect(list.shift()).toBe(model.shift());
            else if (step.what === 'pop') {
              list.pop();
              model.pop();
            } else {
              list.clear();
              model.length = 0;
            }
          }
          expectSame(list, model);
        }
      }),
    );
  });
});

function expectSame(list: MessageList, model: readonly KeptMessage[]): void {
  expect([list.length, list.first, list.last]).toEqual([model.length, model[0], model.at(-1)]);
  expect(list.bytes).toBe(model.reduce((sum, { cost }) => sum + cost, 0));
  expect(list.firstExpiresAt).toBe(model[0]?.expiresAt ?? Number.POSITIVE_INFINITY);
  const after = model[Math.floor(model.length / 2)]?.position ?? 0;
  const unexpired = model.filter((each) => each.position > after && each.expiresAt > 25);
  expect(list.read(after, Number.POSITIVE_INFINITY, 25)).toEqual(unexpired);
  expect(list.next(after, 25)).toBe(unexpired[0]);
}

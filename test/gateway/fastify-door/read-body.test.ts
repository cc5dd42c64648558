import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { BodyBudget } from '../../../src/gateway/fastify-door/body-budget.js';
import {
  type BodyRefusal,
  breakBody,
  onBroken,
  readEarly,
  readBody as readWithin,
} from '../../../src/gateway/fastify-door/read-body.js';

let request: IncomingMessage;
let budget: BodyBudget;
beforeEach(() => {
  request = new IncomingMessage(new Socket());
  budget = new BodyBudget(20);
});
// Whatever became of a body, nothing of the budget is taken any more.
afterEach(() => expect(budget.held).toBe(0));

function readBody(of: IncomingMessage, maxBytes: number): Promise<Buffer | BodyRefusal> {
  return readWithin(of, maxBytes, budget);
}

function send(...pieces: string[]): void {
  for (const piece of pieces) request.push(piece);
}

describe('A body', () => {
  it('is read to its end', async () => {
    const body = readBody(request, 10);
    send('hel', 'lo');
    request.push(null);
    expect((await body).toString()).toBe('hello');
  });

  it('may have as many bytes as are allowed, and not one more', async () => {
    const exact = readBody(request, 5);
    send('hello');
    request.push(null);
    expect(await exact).toHaveLength(5);
    request = new IncomingMessage(new Socket());
    const longer = readBody(request, 5);
    send('hell', 'o!');
    expect(await longer).toBe('too_large');
  });

  it('may have no byte', async () => {
    const body = readBody(request, 5);
    request.push(null);
    expect(await body).toHaveLength(0);
  });

  it('is told as broken when its client goes away', async () => {
    const body = readBody(request, 10);
    send('hel');
    request.destroy();
    await expect(body).rejects.toThrow('The client went away within the body.');
  });

  it.each([
    ['while it is read', false],
    ['before it is read', true],
  ])('is told as broken when it breaks %s', async (_when, before) => {
    if (before) breakBody(request);
    const body = readBody(request, 10);
    if (!before) breakBody(request);
    await expect(body).rejects.toThrow('The body cannot be read.');
    let told = 0;
    onBroken(request, () => told++);
    expect(told).toBe(1);
  });
});

describe('All bodies together', () => {
  it('have the room of the budget, and one that comes when it is used up is refused', async () => {
    const first = readBody(request, 15);
    send('a'.repeat(15));
    await setImmediate();
    const other = new IncomingMessage(new Socket());
    const second = readBody(other, 15);
    other.push('b'.repeat(5));
    await setImmediate();
    expect(budget.held).toBe(20);
    other.push('b');
    expect(await second).toBe('no_room');
    expect(budget.held).toBe(15);
    request.push(null);
    expect(await first).toHaveLength(15);
  });

  it('count what came early once its reader comes', async () => {
    budget.take(18);
    readEarly(request, () => {});
    send('abc');
    await setImmediate();
    expect(await readBody(request, 10)).toBe('no_room');
    budget.release(18);
  });

  it('give back the room of one whose end is told twice', async () => {
    const body = readBody(request, 10);
    send('abc');
    request.push(null);
    await body;
    breakBody(request);
    request.destroy();
  });
});

describe('A body that comes early', () => {
  it.each([0, 1, 2, 3])('is read whole when its reader comes after %d of three pieces', async (early) => {
    const noted: number[] = [];
    readEarly(request, (bytes) => noted.push(bytes));
    const pieces = ['a', 'bc', 'def'];
    send(...pieces.slice(0, early));
    await setImmediate();
    const body = readBody(request, 10);
    send(...pieces.slice(early));
    request.push(null);
    expect((await body).toString()).toBe('abcdef');
    expect(noted).toEqual(pieces.slice(0, early).map(({ length }) => length));
  });

  it('is read when it has ended before its reader comes', async () => {
    readEarly(request, () => {});
    send('abc');
    request.push(null);
    await setImmediate();
    expect(request.readableEnded).toBe(true);
    expect((await readBody(request, 10)).toString()).toBe('abc');
  });

  it('is too large when what came early is', async () => {
    readEarly(request, () => {});
    send('abcdef');
    await setImmediate();
    expect(await readBody(request, 5)).toBe('too_large');
  });
});

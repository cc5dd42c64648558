import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { BodyPieces } from '../../../src/gateway/fastify-door/body-pieces.js';

function gathered(pieces: readonly Buffer[]): BodyPieces {
  const body = new BodyPieces();
  for (const piece of pieces) body.add(piece);
  return body;
}

const piece = fc.oneof(
  fc.uint8Array({ maxLength: 8 }),
  fc.uint8Array({ minLength: 1000, maxLength: 1050 }),
  fc.constantFrom(new Uint8Array(0), new Uint8Array(16 * 1024 - 1).fill(1), new Uint8Array(16 * 1024).fill(2)),
);

describe('The pieces of a body', () => {
  it('are the body again, however it was cut', () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), (arrays) => {
        const pieces = arrays.map((bytes) => Buffer.from(bytes));
        const body = gathered(pieces);
        const whole = Buffer.concat(pieces);
        expect(body.size).toBe(whole.length);
        expect(body.joined().equals(whole)).toBe(true);
      }),
    );
  });

  it('are few objects when a client sends them byte by byte', () => {
    const body = gathered(Array.from({ length: 100_000 }, (_, i) => Buffer.of(i & 255)));
    expect(body.count).toBeLessThanOrEqual(8);
    expect(body.joined()).toEqual(Buffer.from(Array.from({ length: 100_000 }, (_, i) => i & 255)));
  });

  it('are not copied when there is one', () => {
    const only = Buffer.from('whole');
    expect(gathered([only]).joined()).toBe(only);
  });

  it('keep nothing of what a client sends without a byte in it', () => {
    expect(gathered(Array.from({ length: 1_000 }, () => Buffer.alloc(0))).count).toBeLessThanOrEqual(1);
  });
});

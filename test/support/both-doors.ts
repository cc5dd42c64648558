import { describe } from '@jest/globals';

/** Runs the same tests twice: with requests served by the fast lane where it can, and all of them by the Fastify door. */
export function atBothDoors(name: string, tests: (door: { readonly fastLane: boolean }) => void): void {
  describe.each([
    ['the fast lane', true],
    ['the Fastify door', false],
  ])(`${name}, at %s`, (_door, fastLane) => tests({ fastLane }));
}

import { Burial } from './burial.js';
import type { DeadLetters } from './dead-letters.js';
import { TurnQueue, type TurnQueueParts } from './turn-queue.js';
import { type RunnerParts, TurnRunner } from './turn-runner.js';

/** Turns that wait for each other, and what runs them. */
export interface TurnLane {
  readonly queue: TurnQueue;
  readonly runner: TurnRunner;
}

export interface TurnLaneParts extends RunnerParts, Omit<TurnQueueParts, 'burial' | 'now' | 'host'> {
  readonly letters: DeadLetters;
}

export function openLane(parts: TurnLaneParts): TurnLane {
  const { engine, nextId, now } = parts.commits;
  const burial = new Burial({ ...parts, engine, nextId });
  const runner: TurnRunner = new TurnRunner(parts, (job, end) => queue.ended(job, end));
  const queue: TurnQueue = new TurnQueue({ ...parts, burial, now }, runner);
  return { queue, runner };
}

import { describe, expect, it } from '@jest/globals';
import { Progress } from './progress.js';
import { resultOf } from './support/results.js';

const { benchCase } = resultOf([]);

function progressOn(isTTY: boolean) {
  let written = '';
  let nowMs = 0;
  const output = { isTTY, write: (text: string) => (written += text) };
  const progress = new Progress(40, output, () => nowMs);
  return { progress, text: () => written, pass: (ms: number) => (nowMs += ms) };
}

describe('The progress of a run', () => {
  it('says which turn is under way, and how long the rest will take', () => {
    const { progress, text, pass } = progressOn(false);
    progress.turn(benchCase, 0, 'signalbox');
    pass(10_000);
    progress.turn(benchCase, 0, 'nchan');
    pass(10_000);
    for (let turn = 2; turn < 39; turn++) progress.turn(benchCase, 1, 'signalbox');
    progress.clear();
    const lines = text().split('\n');
    expect(lines[0]).toBe('turn 1 of 40: fanout: 1,000 connections, bodies of 100 bytes, round 1, signalbox');
    expect(lines[1]).toMatch(/^turn 2 of 40, about 7 min left: .* round 1, nchan$/);
    expect(lines[38]).toMatch(/^turn 39 of 40, about 2 s left: .* round 2, signalbox$/);
    expect(lines).toHaveLength(40);
  });

  it('keeps to one line of a terminal', () => {
    const { progress, text } = progressOn(true);
    progress.turn(benchCase, 0, 'signalbox');
    progress.clear();
    expect(text()).toMatch(/^\r\x1b\[Kturn 1 of 40: .*signalbox\r\x1b\[K$/);
  });
});

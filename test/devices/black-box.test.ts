import { describe, expect, it } from '@jest/globals';
import { BLACK_BOX_LENGTH, BlackBox, markOf, NOTED, type Said, saidBy } from '../../src/devices/black-box.js';
import { tellSteps } from '../../src/devices/told-steps.js';

const NOON = Date.UTC(2026, 0, 15, 12);

describe('A black box', () => {
  it('is empty at first', () => {
    expect(new BlackBox().steps()).toEqual([]);
  });

  it('keeps steps with their time to the millisecond, the oldest first', () => {
    const box = new BlackBox();
    box.note(NOON + 0.75, NOTED.pollOpened);
    box.note(NOON + 30_001, 304);
    expect(box.steps()).toEqual([
      { at: NOON, what: NOTED.pollOpened },
      { at: NOON + 30_001, what: 304 },
    ]);
  });

  it('lets the oldest go when it is full', () => {
    const box = new BlackBox();
    for (let i = 0; i < 3 * BLACK_BOX_LENGTH + 5; i++) box.note(NOON + i, NOTED.event);
    const times = box.steps().map(({ at }) => at - NOON);
    expect(times).toEqual(Array.from({ length: BLACK_BOX_LENGTH }, (_, i) => 2 * BLACK_BOX_LENGTH + 5 + i));
  });

  it('holds every HTTP status up to the year 2039', () => {
    const box = new BlackBox();
    box.note(2 ** 41 - 1, 599);
    expect(box.steps()).toEqual([{ at: 2 ** 41 - 1, what: 599 }]);
  });

  it('keeps the numbers of commands with the steps that are about one', () => {
    const box = new BlackBox();
    box.note(NOON, NOTED.pollOpened);
    box.note(NOON, 200, 7);
    for (let i = 0; i < BLACK_BOX_LENGTH - 1; i++) box.note(NOON, NOTED.event);
    expect(box.steps().map(({ seq }) => seq)).toEqual([7, ...Array(BLACK_BOX_LENGTH - 1).fill(undefined)]);
    box.note(NOON, 200, 2 ** 31);
    expect(box.steps().at(-1)).toEqual({ at: NOON, what: 200, seq: 2 ** 31 });
    expect(box.steps()[0]?.seq).toBeUndefined();
  });
});

describe('What a device says of a command', () => {
  const verbs: Said['verb'][] = ['ack', 'complete', 'result', 'progress', 'abandon', 'reject'];
  const verdicts: Said['verdict'][] = ['done', 'repeated', 'late', 'lock_lost', 'gone', 'conflict', 'refused'];
  const all = verbs.flatMap((verb) => verdicts.map((verdict) => ({ verb, verdict })));

  it('has a mark of its own with its verdict, which is neither an HTTP status nor anything else that is noted', () => {
    const marks = all.map(markOf);
    expect(marks.map(saidBy)).toEqual(all);
    const others = [...Object.values(NOTED), 100, 200, 599, 1_023];
    expect(others.map(saidBy)).toEqual(others.map(() => undefined));
    expect(new Set([...marks, ...others]).size).toBe(marks.length + others.length);
  });

  it('is told in a sentence of its own', () => {
    const told = tellSteps(all.map((said) => ({ at: NOON, what: markOf(said), seq: 7 })));
    const texts = told.map(({ sentence }) => sentence);
    expect(new Set(texts).size).toBe(all.length);
    for (const text of texts) expect(text).toMatch(/^(Its|It) [^.]*command 7[^.]*\.$/);
    const unknown = tellSteps([{ at: NOON, what: markOf({ verb: 'reject', verdict: 'refused' }), seq: undefined }]);
    expect(unknown[0]?.sentence).toMatch(/^It rejected a command and was refused: /);
  });
});

describe('Every other step of a black box', () => {
  it('is told in a sentence', () => {
    for (const what of [...Object.values(NOTED), 200, 202, 204, 304, 409, 410]) {
      const [told] = tellSteps([{ at: NOON, what, seq: 7 }]);
      expect(told?.sentence).toMatch(/^(The|Its) [^.]+\.$/);
      expect(told?.sentence).not.toContain('answered 2');
    }
    expect(tellSteps([{ at: NOON, what: 503, seq: undefined }])).toEqual([
      { at: '2026-01-15T12:00:00.000Z', sentence: 'Its poll was answered 503.' },
    ]);
  });
});

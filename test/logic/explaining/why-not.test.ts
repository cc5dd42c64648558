import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { formatPosition } from '../../../src/engine/position.js';
import { eventually } from '../../support/eventually.js';
import { candidate, resetCandidate } from '../plugins/candidate/index.js';
import { script } from '../plugins/scripted/index.js';
import { type LogicUnderTest, PLUGIN_FOLDER, startLogic, stopLogic } from '../support/started-logic.js';

afterEach(async () => {
  await stopLogic();
  resetCandidate();
});

/** @returns the event as it is asked about */
function post(logic: LogicUnderTest, device: string): string {
  logic.post(device, 'reading', { value: 1 });
  const channel = `devices/${device}/events/reading`;
  return `${channel}@${formatPosition(logic.messages(channel).at(-1)?.position ?? 0)}`;
}

async function told(logic: LogicUnderTest, event: string, plugin = 'scripted'): Promise<string> {
  return (await logic.logic.whyNot(plugin, event)).now;
}

describe('Why a plugin did nothing about an event', () => {
  it('is that it has not come to it, with how much comes before', async () => {
    const logic = await startLogic({ limits: { maxQueuedEvents: 2 } });
    script.handle = () => new Promise(() => {});
    const events = Array.from({ length: 40 }, () => post(logic, 'd'));
    await eventually('no more is taken in', () => logic.status().behind > 0 && logic.status().queued >= 2);
    const { behind } = logic.status();
    expect(await told(logic, events.at(-1) ?? '')).toBe(
      `"scripted" has not come to it yet: ${behind - 1} entries of the journal come first.`,
    );
    expect(await told(logic, events[1] ?? '')).toMatch(/^It waits for its turn in "scripted"/);
  });

  it('is that the plugin is paused', async () => {
    const logic = await startLogic();
    script.handle = () => {
      throw new Error('broken');
    };
    const events = Array.from({ length: 25 }, (_, i) => post(logic, `d${i}`));
    await eventually('it is paused', () => logic.status().state === 'paused');
    const paused = '"scripted" is paused, for everything fails; one turn is tried every 30 s.';
    expect(await told(logic, events[0] ?? '')).toMatch(
      new RegExp(`^"scripted" has seen .* scripted\\.handle has failed, and is tried again\\. ${paused}$`),
    );
    expect(await told(logic, events.at(-1) ?? '')).toMatch(new RegExp(`^It waits for its turn in .* ${paused}$`));
  });

  it('is that it waits, also when the journal has dropped it since', async () => {
    const logic = await startLogic({ journal: { maxEntries: 3 } });
    script.handle = () => new Promise(() => {});
    const events = Array.from({ length: 40 }, () => post(logic, 'd'));
    await eventually('all are taken in', () => logic.status().queued === 39);
    logic.clock.advance(2_000);
    expect(await told(logic, events[20] ?? '')).toBe(
      'The journal does not have it any more. It may be one of the 39 turns of "scripted" that wait in memory.',
    );
  });

  it('is that the journal may have dropped it', async () => {
    const logic = await startLogic({ journal: { maxEntries: 3 }, limits: { maxQueuedEvents: 2 } });
    let release = () => {};
    script.handle = () =>
      new Promise<void>((resolve) => {
        release = resolve;
      });
    const events = Array.from({ length: 40 }, () => post(logic, 'd'));
    await eventually('the first one is open', () => logic.status().openTurns === 1);
    script.handle = () => {};
    release();
    await logic.idle();
    const { lost } = logic.status().counters;
    expect(lost).toBeGreaterThan(0);
    expect(await told(logic, events[30] ?? '')).toBe(
      'No turn of "scripted" for it is remembered, and none is to come. ' +
        `The journal has dropped up to ${lost} entries before "scripted" came to them; it may be one of them.`,
    );
  });

  it('is that more turns came after it than are remembered', async () => {
    const logic = await startLogic({ limits: { maxDecisions: 2 } });
    const events = Array.from({ length: 3 }, () => post(logic, 'd'));
    await logic.idle();
    expect(await told(logic, events[0] ?? '')).toMatch(/ The last 2 turns are remembered, the oldest of /);
    expect(await told(logic, events[1] ?? '')).toMatch(/^"scripted" has seen /);
  });

  it('is that it is tried again to start its worker, whatever its patterns will be', async () => {
    const logic = await startLogic({ plugins: { gone: { from: '/no/such/folder', isolation: 'worker' } } });
    expect(await told(logic, post(logic, 'd'), 'gone')).toMatch(
      /^"gone" does not run: There is no folder .* It is tried again after 1 s\. Its events wait for it\.$/,
    );
  });

  it('is that the candidate version has failed', async () => {
    candidate.made = () => {
      throw new Error('no database');
    };
    const shadow = { from: join(PLUGIN_FOLDER, 'candidate'), config: {} };
    const logic = await startLogic({ plugins: { scripted: { shadow } } });
    await eventually('it has failed', () => logic.logic.shadow('scripted').status.state === 'failed');
    logic.clock.advance(1_000);
    expect(await told(logic, post(logic, 'd'), 'scripted@shadow')).toBe(
      '"scripted@shadow" does not run: no database. It gets no more events.',
    );
  });
});

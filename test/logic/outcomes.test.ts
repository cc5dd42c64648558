import { afterEach, describe, expect, it } from '@jest/globals';
import { script } from './plugins/scripted/index.js';
import { startLogic, stopLogic } from './support/started-logic.js';

afterEach(stopLogic);

describe('The outcome of a command', () => {
  it('is told when it has ended, and only those of the names that a method names', async () => {
    const logic = await startLogic();
    const told: unknown[] = [];
    script.hear = (outcome) => told.push(outcome);
    script.handle = ({ device }, turn) => {
      turn.command(device, 'go', {}, { ttl: '10s' });
      turn.command(device, 'stop', {}, { ttl: '10s' });
    };
    logic.post('fan-1', 'reading', { value: 1 });
    await logic.idle();
    expect(told).toEqual([]);
    for (const id of logic.commandIds('fan-1')) await logic.commandsRoom.cancel('fan-1', id);
    await logic.idle();
    expect(told).toEqual([
      {
        ...{ id: expect.any(String), device: 'fan-1', name: 'go', state: 'CANCELED', attempt: 0, cause: 'canceled' },
        at: expect.stringMatching(/^2026-/),
      },
    ]);
  });

  it('comes after a restart when the hub was down', async () => {
    const first = await startLogic();
    script.handle = ({ device }, turn) => turn.command(device, 'go');
    first.post('fan-1', 'reading', { value: 1 });
    await first.idle();
    await first.logic.stop(1_000);
    const [id = ''] = first.commandIds('fan-1');
    await first.commandsRoom.cancel('fan-1', id);
    const told: string[] = [];
    script.hear = ({ state }) => told.push(state);
    const second = await startLogic({ after: first });
    await second.idle();
    expect(told).toEqual(['CANCELED']);
  });

  it('that leads to the same command again and again is a loop, and is broken', async () => {
    const logic = await startLogic();
    script.handle = ({ device }, turn) => turn.command(device, 'go', {}, { key: 'only' });
    // The newer one takes the place of the older one, whose outcome sends a newer one.
    script.hear = ({ device }, turn) => turn.command(device, 'go', {}, { key: 'only' });
    for (const value of [1, 2]) logic.post('fan-1', 'reading', { value });
    await logic.idle();
    const [letter] = await logic.logic.deadLetters('scripted', '', 1);
    expect(letter?.error).toMatch(/is turn 17 in a row/);
    expect(letter?.kind).toBe('outcome');
  });
});

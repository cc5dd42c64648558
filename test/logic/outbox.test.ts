import { afterEach, describe, expect, it } from '@jest/globals';
import type { Turn } from '../../src/plugin/index.js';
import { eventually } from '../support/eventually.js';
import { script } from './plugins/scripted/index.js';
import { type LogicUnderTest, startLogic, stopLogic } from './support/started-logic.js';

afterEach(stopLogic);

async function inTurn(logic: LogicUnderTest, act: (turn: Turn) => void): Promise<void> {
  script.handle = (_, turn) => act(turn);
  logic.post('fan-1', 'reading', { value: 0 });
  await logic.idleInTime();
}

describe('The outbox', () => {
  it('has its method called with each item after the turn, which may ask for things itself', async () => {
    const logic = await startLogic();
    const items: unknown[] = [];
    script.mail = ({ id, ...item }, turn) => {
      items.push(item);
      turn.command('fan-1', 'go', { told: id.length });
    };
    await inTurn(logic, ({ outbox }) => {
      outbox.put('mail', { to: 'ops' }, 'ops');
      outbox.put('mail', null, 'ops');
    });
    expect(items).toEqual([
      { name: 'mail', key: 'ops', data: { to: 'ops' }, attempt: 1 },
      { name: 'mail', key: 'ops', data: null, attempt: 1 },
    ]);
    expect(logic.commands('fan-1')).toEqual(['go {"told":26}', 'go {"told":26}']);
    expect(logic.keptKeys()).toEqual([]);
  });

  it('is empty after a turn that threw', async () => {
    const logic = await startLogic();
    let calls = 0;
    script.mail = () => calls++;
    await inTurn(logic, ({ outbox }) => {
      outbox.put('mail', 1);
      throw new Error('no');
    });
    expect(calls).toBe(0);
  });

  it('tries an item again under the same id, later each time, while others of other keys go on', async () => {
    const logic = await startLogic();
    const tried: string[] = [];
    script.mail = ({ id, data, attempt }) => {
      tried.push(`${data} ${attempt} ${id}`);
      if (data === 'ill' && attempt < 4) throw new Error('503');
    };
    await inTurn(logic, ({ outbox }) => {
      outbox.put('mail', 'ill', 'a');
      outbox.put('mail', 'behind', 'a');
      outbox.put('mail', 'well', 'b');
    });
    expect(tried.map((line) => line.split(' ').slice(0, 2).join(' '))).toEqual([
      ...['ill 1', 'well 1', 'ill 2', 'ill 3', 'ill 4', 'behind 1'],
    ]);
    expect(new Set(tried.filter((line) => line.startsWith('ill')).map((line) => line.split(' ')[2])).size).toBe(1);
  });

  it('keeps what is not done over a restart, and never holds up the events', async () => {
    const first = await startLogic();
    script.mail = () => new Promise(() => {});
    script.handle = (_, turn) => turn.outbox.put('mail', 'later', 'a');
    for (let i = 0; i < 40; i++) first.post(`d${i}`, 'reading', { value: i });
    await eventually('all events are read', () => first.status().counters.turns === 40);
    await first.logic.stop(0);
    const done: unknown[] = [];
    script.mail = ({ data }) => done.push(data);
    const second = await startLogic({ after: first });
    await second.idle();
    expect(done).toHaveLength(40);
  });

  it('gives up an item for good after thirteen attempts, and lets an operator drive it again', async () => {
    const logic = await startLogic();
    script.mail = () => Promise.reject(new Error('410'));
    await inTurn(logic, ({ outbox }) => outbox.put('mail', { to: 'nobody' }));
    const [letter] = await logic.logic.deadLetters('scripted', '', 10);
    expect(letter).toMatchObject({ kind: 'outbox', attempts: 13, error: '410', payload: '{"to":"nobody"}' });
    expect(logic.keptKeys()).toEqual([]);
    script.mail = () => {};
    expect(await logic.logic.redrive('scripted', letter?.id ?? '')).toEqual({ isDone: true, error: undefined });
  });

  it('refuses an item that no method takes, and one that is too large', async () => {
    const logic = await startLogic();
    const refusals: unknown[] = [];
    await inTurn(logic, ({ outbox }) => {
      for (const put of [() => outbox.put('post', 1), () => outbox.put('mail', 'x'.repeat(70_000))]) {
        try {
          put();
        } catch (error) {
          refusals.push((error as Error).message);
        }
      }
    });
    expect(refusals).toEqual([
      'No method of the plugin has @OnOutbox("post"), so nobody would be called.',
      'An item of outbox "mail" has 70002 bytes; 65536 are allowed.',
    ]);
  });
});

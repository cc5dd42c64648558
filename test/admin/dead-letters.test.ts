import { resolve } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { eventually } from '../support/eventually.js';
import { ManualClock } from '../support/manual-clock.js';
import { startTestHub, type TestHub } from '../support/start-hub.js';
import { AdminClient } from './support/admin-client.js';

let hub: TestHub | undefined;
afterEach(async () => {
  await hub?.stop();
  hub = undefined;
});

/** A hub whose plugin has given up the events 1 to `count` of a device. */
async function withDeadLetters(count: number) {
  const clock = new ManualClock();
  const from = resolve('test/e2e/plugins/moody');
  const { mood } = await import('../e2e/plugins/moody/index.js');
  mood.isBad = true;
  const started = await startTestHub({ yaml: `plugins: { moody: { from: '${from}' } }`, clock });
  hub = started;
  const admin = await AdminClient.of(started.adminUrl);
  for (let i = 1; i <= count; i++) {
    await fetch(`${started.url}/v1/devices/d/events/mood`, { method: 'POST', body: JSON.stringify({ number: i }) });
  }
  await eventually('all are given up', async () => {
    clock.advance(1_000);
    const { json } = await admin.get('/admin/plugins');
    return json.plugins.find(({ name }: { name: string }) => name === 'moody').deadLetters === count;
  });
  return { admin, mood, letters: '/admin/plugins/moody/dead-letters' };
}

describe('Dead letters in the admin API', () => {
  it('are listed page by page, the oldest first, and shown one by one', async () => {
    const { admin, letters } = await withDeadLetters(3);
    const first = (await admin.get(`${letters}?limit=2`)).json;
    expect(first.letters).toMatchObject([
      {
        handler: 'moody.feel',
        version: '2.0.0',
        kind: 'event',
        attempts: 2,
        payload: '{"number":1}',
        error: 'not today',
      },
      { payload: '{"number":2}' },
    ]);
    expect(first.letters[0].about).toMatch(/^event devices\/d\/events\/mood \d+:\d+$/);
    const second = (await admin.get(`${letters}?limit=2&after=${first.next}`)).json;
    expect([second.letters.length, second.next]).toEqual([1, null]);
    expect((await admin.get(`${letters}/${first.next}`)).json).toEqual(first.letters[1]);
  });

  it('are driven again: they stay when they fail, and are gone with their effects done when they do not', async () => {
    const { admin, mood, letters } = await withDeadLetters(1);
    const [{ id }] = (await admin.get(letters)).json.letters;
    const redrive = () => admin.ask(`${letters}/${id}/redrive`, { method: 'POST' });
    expect((await redrive()).json).toEqual({ isDone: false, error: 'not today' });
    expect((await admin.get(`${letters}/${id}`)).json.attempts).toBe(3);
    mood.isBad = false;
    expect((await redrive()).json).toEqual({ isDone: true, error: null });
    const poll = await fetch(`${hub?.url}/v1/devices/d/commands?wait=1`);
    expect(await poll.json()).toMatchObject({ name: 'felt', params: { number: 1 } });
    expect((await redrive()).json.code).toBe('dead_letter_not_found');
  });

  it('are deleted', async () => {
    const { admin, letters } = await withDeadLetters(2);
    const [{ id }] = (await admin.get(letters)).json.letters;
    expect((await admin.delete(`${letters}/${id}`)).status).toBe(204);
    expect((await admin.delete(`${letters}/${id}`)).status).toBe(404);
    expect((await admin.get(letters)).json.letters).toMatchObject([{ payload: '{"number":2}' }]);
  });
});

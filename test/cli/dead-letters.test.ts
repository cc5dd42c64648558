import { resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { run } from '../../src/cli/run.js';
import { mood } from '../e2e/plugins/moody/index.js';
import { eventually } from '../support/eventually.js';
import { ManualClock } from '../support/manual-clock.js';
import { startTestHub, type TestHub } from '../support/start-hub.js';
import { FakeTerminal } from './support/fake-terminal.js';

let hub: TestHub;
beforeEach(async () => {
  const clock = new ManualClock();
  mood.isBad = true;
  hub = await startTestHub({ yaml: `plugins: { moody: { from: '${resolve('test/e2e/plugins/moody')}' } }`, clock });
  for (const number of [1, 2]) {
    await fetch(`${hub.url}/v1/devices/d/events/mood`, { method: 'POST', body: JSON.stringify({ number }) });
  }
  await eventually('both are given up', async () => {
    clock.advance(1_000);
    return (await deadLetters('moody')).out.includes('"number":2');
  });
});
afterEach(() => hub.stop());

async function deadLetters(...args: string[]) {
  const terminal = new FakeTerminal();
  const exitCode = await run(['dead-letters', '--admin', hub.adminUrl, ...args], terminal);
  return { exitCode, out: terminal.out, err: terminal.err };
}

const ID = '[0-9A-Z]{26}';
const EVENT = 'event devices/d/events/mood \\d+:\\d+';

describe('signalbox dead-letters', () => {
  it('lists them, and one of them alone', async () => {
    const { exitCode, out } = await deadLetters('moody');
    const line = `(${ID}) 2026-\\S+Z moody\\.feel, ${EVENT}, after 2 attempts: not today\\n {2}\\{"number":N\\}\\n`;
    const [, , second = ''] = new RegExp(`^${line.replace('N', '1')}${line.replace('N', '2')}$`).exec(out) ?? [];
    expect([exitCode, second.length]).toEqual([0, 26]);
    expect((await deadLetters('moody', second)).out).toBe(out.slice(out.indexOf(second)));
  });

  it('drives them again, and fails as long as one of them does', async () => {
    const again = await deadLetters('moody', '--redrive');
    expect(again.exitCode).toBe(1);
    expect(again.out).toMatch(new RegExp(`^(failed again ${ID} ${EVENT}: not today\\n){2}$`));
    mood.isBad = false;
    const done = await deadLetters('moody', '--redrive');
    expect(done.exitCode).toBe(0);
    expect(done.out).toMatch(new RegExp(`^(done ${ID} ${EVENT}\\n){2}$`));
    expect(await deadLetters('moody')).toEqual({ exitCode: 0, out: '', err: '' });
  });

  it('deletes them', async () => {
    expect((await deadLetters('moody', '--delete')).out).toMatch(new RegExp(`^(deleted ${ID} ${EVENT}\\n){2}$`));
    expect((await deadLetters('moody')).out).toBe('');
  });

  it.each([
    [['ghost'], 1, 'answered 404 (Not Found): There is no plugin "ghost".'],
    [['moody', 'x'], 1, 'The plugin "moody" has no dead letter "x".'],
    [['moody', '--redrive', '--delete'], 2, '--redrive and --delete cannot both be done; choose one.'],
    [['moody', '--admin', 'hub:8081'], 2, '--admin is "hub:8081", which is not a URL'],
    [['moody', '--admin', 'http://127.0.0.1:1'], 1, "The hub's admin door at http://127.0.0.1:1 cannot be reached"],
  ])('says what is wrong with %j', async (args, code, sentence) => {
    const { exitCode, err } = await deadLetters(...args);
    expect(exitCode).toBe(code);
    expect(err).toContain(sentence);
  });
});

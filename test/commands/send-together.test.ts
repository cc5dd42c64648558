import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Commands } from '../../src/commands/commands.js';
import { draftCommand } from '../../src/commands/draft-command.js';
import type { RecordChange } from '../../src/engine/engine.js';
import { madeEngine } from '../channels/support/made-channels.js';
import { eventually } from '../support/eventually.js';
import { RecordedPoll } from './queue/device-under-test.js';
import { LaterEngine } from './support/later-engine.js';
import { madeCommands } from './support/made-commands.js';

const outdated: RecordChange = { table: 'turn', key: 'x', value: '1', ifRevision: 7 };

describe('Commands to several devices at once', () => {
  let commands: Commands;
  let poll: RecordedPoll;

  beforeEach(async () => {
    const { engine, channels } = madeEngine();
    commands = madeCommands(engine, channels, { maxQueued: 1 });
    poll = new RecordedPoll();
    await commands.poll('a', poll);
  });

  const together = async (devices: readonly string[], records: readonly RecordChange[] = []) =>
    commands.sendTogether(
      devices.map((device) => draftCommand(device, 'fan.set')),
      { records },
    );
  const waiting = (device: string) => commands.stateOf(device);

  it('are sent all together, and given to the polls that wait', async () => {
    await together(['b', 'a']);
    expect(poll.ids).toHaveLength(1);
    expect(await waiting('b')).toEqual({ waiting: 1, polls: 0 });
  });

  it('are not sent to anybody when one queue is full, and the polls of the others go on waiting', async () => {
    await commands.send('c', 'full', {});
    await expect(together(['a', 'b', 'c'])).rejects.toMatchObject({ code: 'queue_full' });
    expect([poll.ended, poll.delivery]).toEqual([undefined, undefined]);
    expect(await waiting('a')).toEqual({ waiting: 0, polls: 1 });
    expect(await waiting('b')).toEqual({ waiting: 0, polls: 0 });
    await together(['a', 'b']);
    expect(poll.delivery?.commands).toMatchObject([{ name: 'fan.set', attempt: 1, seq: 1 }]);
  });

  it('are not sent when what belongs to them was changed meanwhile, and the polls go on waiting', async () => {
    await expect(together(['a', 'b'], [outdated])).rejects.toMatchObject({ code: 'revision_conflict' });
    expect([poll.ended, poll.delivery]).toEqual([undefined, undefined]);
    await commands.send('a', 'next', {});
    expect(poll.delivery?.commands).toMatchObject([{ name: 'next', attempt: 1 }]);
  });
});

describe('The command of a job', () => {
  it('is not sent when the word of it conflicts, and a poll goes on waiting', async () => {
    const { engine, channels } = madeEngine();
    const commands = madeCommands(engine, channels);
    const poll = new RecordedPoll();
    await commands.poll('a', poll);
    const sending = async () => commands.sendForJob(draftCommand('a', 'fan.set'), () => [outdated]);
    await expect(sending()).rejects.toMatchObject({ code: 'revision_conflict' });
    expect([poll.ended, poll.delivery]).toEqual([undefined, undefined]);
    await commands.sendForJob(draftCommand('a', 'next'), (id) => [
      { table: 'turn', key: id, value: '1', ifRevision: 0 },
    ]);
    expect(poll.delivery?.commands).toMatchObject([{ name: 'next', attempt: 1 }]);
  });
});

describe('Commands to several devices on an engine that answers later', () => {
  it('leave a poll waiting that took the place of the one that they were on their way to', async () => {
    const made = madeEngine();
    const engine = new LaterEngine(made.engine);
    const commands = madeCommands(engine, made.channels);
    const older = new RecordedPoll();
    await commands.poll('a', older);
    const sent = Promise.resolve(commands.sendTogether([draftCommand('a', 'fan.set')], { records: [outdated] }));
    const refused = expect(sent).rejects.toMatchObject({ code: 'revision_conflict' });
    await eventually('the commit waits', () => engine.pending === 1);
    const newer = new RecordedPoll();
    const looked = commands.poll('a', newer);
    engine.release();
    await refused;
    await looked;
    expect([older.ended, newer.ended]).toEqual(['conflict', undefined]);
    const next = commands.send('a', 'next', {});
    await eventually('the commit waits', () => engine.pending === 1);
    engine.release();
    await next;
    expect(newer.delivery?.commands).toMatchObject([{ name: 'next', attempt: 1 }]);
  });
});

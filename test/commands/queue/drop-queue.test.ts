import { describe, expect, it } from '@jest/globals';
import type { SentCommand } from '../../../src/commands/commands.js';
import { draftCommand } from '../../../src/commands/draft-command.js';
import { ENDED, ENDINGS, EXPIRIES, HEADS, KEYS, LIVE, WAKES } from '../../../src/commands/store/tables.js';
import { madeEngine } from '../../channels/support/made-channels.js';
import { madeCommands } from '../support/made-commands.js';
import { RecordedPoll } from './device-under-test.js';

const TABLES = [LIVE, ENDED, HEADS, KEYS, WAKES, EXPIRIES, ENDINGS];

describe('A device that is deleted', () => {
  it('takes all its commands with it, ends its polls, and leaves those of its neighbours', async () => {
    const { engine, channels } = madeEngine();
    const commands = madeCommands(engine, channels, { maxQueued: 3_000 });
    const count = () => TABLES.map((table) => engine.table(table).range({ limit: 10_000 }).length);
    for (const device of ['fan', 'fan.2']) commands.sendDraft(draftCommand(device, 'a'), 'key');
    const alone = count().map((both) => both / 2);
    for (let i = 0; i < 1_200; i++) commands.send('fan', 'a', {});
    const { command } = commands.send('fan', 'a', {}) as SentCommand;
    void commands.cancel('fan', command.id);
    const poll = new RecordedPoll({ session: 'waits' });
    const first = new RecordedPoll();
    for (const one of [first, poll]) void commands.poll('fan', one);
    expect(first.ids).toHaveLength(1);
    await commands.drop('fan');
    expect(count()).toEqual(alone);
    expect(poll.ended).toBe('gone');
    expect(commands.ended).toBe(0);
    expect(commands.send('fan', 'a', {})).toMatchObject({ command: { seq: 1 } });
  });
});

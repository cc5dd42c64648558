import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { Commands } from '../../src/commands/commands.js';
import { pushDesired } from '../../src/commands/push-desired.js';
import { EngineError } from '../../src/engine/message-log.js';
import { madeRegistry } from '../devices/support/made-registry.js';
import { RecordedPoll } from './queue/device-under-test.js';
import { madeCommands } from './support/made-commands.js';

type Made = Awaited<ReturnType<typeof madeRegistry>>;

describe('A desired state that is pushed', () => {
  let made: Made;
  let commands: Commands;

  beforeEach(async () => {
    made = await madeRegistry();
    await made.registry.register('fan', { asOperator: true, attributes: {} });
    commands = madeCommands(made.engine, made.channels);
  });

  const push = (document: object) =>
    pushDesired({ commands, desired: made.parts.desired }, { device: 'fan', document, ifVersion: undefined });

  it('is one commit with its command, so that a crash leaves both or neither', async () => {
    const commit = jest.spyOn(made.engine, 'commit');
    const { state, sent } = await push({ on: true });
    expect(commit.mock.calls.map(([{ records }]) => records.map(({ table }) => table))).toEqual([
      expect.arrayContaining(['device-desired', 'command-live']),
    ]);
    expect(sent.command.paramsJson).toBe(`{"version":${state.version},"document":{"on":true}}`);
  });

  it('leaves neither when the commit fails', async () => {
    jest.spyOn(made.engine, 'commit').mockImplementationOnce(() => {
      throw new EngineError('log_full', 'The disk is full.');
    });
    await expect(push({ on: true })).rejects.toMatchObject({ code: 'log_full' });
    expect(await made.parts.desired.get('fan')).toBeUndefined();
    expect(await commands.stateOf('fan')).toMatchObject({ waiting: 0 });
  });

  it('is decided anew when another change came first, and a poll that waits is given the newest', async () => {
    const poll = new RecordedPoll();
    await commands.poll('fan', poll);
    const commit = made.engine.commit.bind(made.engine);
    jest.spyOn(made.engine, 'commit').mockImplementationOnce((changes) => {
      // Somebody who does not wait for this one's turn, as another hub over the same engine would not.
      commit({
        records: [{ table: 'device-desired', key: 'fan', value: '{"version":50,"document":{},"updatedAt":0}' }],
      });
      return commit(changes);
    });
    const { state } = await push({ on: true });
    expect(state).toMatchObject({ version: 51, document: { on: true } });
    expect(poll.delivery?.commands).toMatchObject([{ paramsJson: '{"version":51,"document":{"on":true}}' }]);
  });
});

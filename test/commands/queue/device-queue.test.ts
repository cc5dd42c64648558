import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Commands } from '../../../src/commands/commands.js';
import type { Command } from '../../../src/commands/life/command.js';
import { madeEngine } from '../../channels/support/made-channels.js';
import { eventually } from '../../support/eventually.js';
import type { ManualClock } from '../../support/manual-clock.js';
import { LaterEngine } from '../support/later-engine.js';
import { madeCommands } from '../support/made-commands.js';
import { RecordedPoll } from './device-under-test.js';

describe('A queue on an engine that answers later', () => {
  let engine: LaterEngine;
  let commands: Commands;
  let clock: ManualClock;

  beforeEach(() => {
    const made = madeEngine();
    clock = made.clock;
    engine = new LaterEngine(made.engine);
    commands = madeCommands(engine, made.channels);
  });

  const pending = (count = 1) => eventually(`${count} commits wait`, () => engine.pending === count);
  const settled = () => new Promise(setImmediate);

  async function released<T>(call: T | Promise<T>): Promise<T> {
    await pending();
    engine.release();
    return call;
  }

  function poll(terms = {}): RecordedPoll {
    const made = new RecordedPoll(terms);
    void commands.poll('d', made);
    return made;
  }

  const find = async (id: string): Promise<Command> => commands.find('d', id);
  const send = async () => (await released(commands.send('d', 'a', {}))).command;

  it('tells nobody of a command before it is committed', async () => {
    const waiting = poll();
    await settled();
    let isSent = false;
    const sending = Promise.resolve(commands.send('d', 'a', {})).then((sent) => {
      isSent = true;
      return sent;
    });
    await pending();
    await settled();
    expect([isSent, waiting.ids]).toEqual([false, []]);
    engine.release();
    expect(await sending).toMatchObject({ delivered: true, command: { state: { is: 'LEASED' } } });
    expect(waiting.ids).toHaveLength(1);
  });

  it('gives what is on its way to a newer poll of the same session', async () => {
    const { id } = await send();
    const older = poll();
    await pending();
    const newer = poll();
    expect(older.ended).toBe('conflict');
    engine.release();
    await settled();
    expect([older.ids, newer.ids]).toEqual([[], [id]]);
    expect(await find(id)).toMatchObject({ state: { is: 'LEASED' }, attempt: 1 });
  });

  it('takes back what was on its way to a poll that left, without an attempt', async () => {
    const { id } = await send();
    const left = poll();
    await pending();
    left.leaveQueue();
    await released(undefined);
    await released(undefined);
    await settled();
    expect(left.ids).toEqual([]);
    expect(await find(id)).toMatchObject({ state: { is: 'QUEUED' }, attempt: 0, locks: [] });
  });

  it('takes it back as well when the newer poll asks for it in another form', async () => {
    const { id } = await send();
    const older = poll({ max: 3 });
    await pending();
    const newer = poll({ lockedBy: 'position' });
    expect(older.ended).toBe('conflict');
    await released(undefined);
    await pending();
    engine.release();
    await settled();
    expect([older.ids, newer.ids]).toEqual([[], []]);
    expect(await find(id)).toMatchObject({ state: { is: 'QUEUED' }, attempt: 0 });
  });

  it('does each job on what the one before has committed', async () => {
    const { id } = await send();
    const first = poll();
    await released(undefined);
    await settled();
    const lock = first.delivery?.lock ?? '';
    const twice = [
      commands.report('d', id, { is: 'complete', lock }),
      commands.report('d', id, { is: 'complete', lock }),
    ];
    await pending();
    expect(engine.pending).toBe(1);
    engine.release();
    expect((await Promise.all(twice)).map(({ verdict }) => verdict)).toEqual(['done', 'repeated']);
  });

  it('tells whoever waits when a commit fails, and goes on from what is committed', async () => {
    const { id } = await send();
    const waiting = poll();
    await pending();
    engine.fail();
    await settled();
    expect([waiting.ended, waiting.ids]).toEqual(['engine_unavailable', []]);
    expect(await find(id)).toMatchObject({ state: { is: 'QUEUED' }, attempt: 0 });
    const refused = expect(Promise.resolve(commands.send('d', 'b', {}))).rejects.toMatchObject({
      code: 'engine_unavailable',
    });
    await pending();
    engine.fail();
    await refused;
    const again = poll();
    await released(undefined);
    await settled();
    expect(again.ids).toEqual([id]);
  });

  it('is let go of when nobody has needed it for a while, and read anew', async () => {
    const { id } = await send();
    const stop = commands.start();
    expect(commands.openQueues).toBe(1);
    clock.advance(29_000);
    expect(commands.openQueues).toBe(1);
    clock.advance(3_000);
    expect(commands.openQueues).toBe(0);
    expect(await find(id)).toMatchObject({ state: { is: 'QUEUED' } });
    stop();
  });

  it('stays in memory for a poll that waits', async () => {
    const waiting = poll();
    await settled();
    const stop = commands.start();
    clock.advance(600_000);
    expect([commands.openQueues, commands.polls]).toEqual([1, 1]);
    waiting.leaveQueue();
    clock.advance(32_000);
    expect(commands.openQueues).toBe(0);
    stop();
  });

  it('refuses more polls than one device may have open', async () => {
    for (let i = 0; i < 16; i++) poll({ session: `s${i}` });
    expect(poll({ session: 'one more' }).ended).toBe('too_many_polls');
    expect(poll({ session: 's3' }).ended).toBeUndefined();
  });
});

describe('A poll that nobody notes anything of', () => {
  it('acknowledges what it names', async () => {
    const { engine, channels } = madeEngine();
    const commands = madeCommands(engine, channels);
    const { command } = await commands.send('d', 'a', {});
    const first = new RecordedPoll();
    await commands.poll('d', first);
    await commands.poll('d', new RecordedPoll({ lock: first.delivery?.lock ?? '' }));
    expect(await commands.find('d', command.id)).toMatchObject({ state: { is: 'SUCCEEDED', evidence: 'acked' } });
  });
});

describe('A queue with a limit', () => {
  const full = (changed = {}) => {
    const { engine, channels, clock } = madeEngine();
    return { clock, commands: madeCommands(engine, channels, { maxQueued: 2, ...changed }) };
  };

  it('is as it was after a command that it refused, also what that was to replace', async () => {
    const { commands } = full({ maxQueuedBytes: 20 });
    const { command } = await commands.send('d', 'a', {}, { key: 'k' });
    expect(() => commands.send('d', 'a', 'far too much for it'.repeat(9), { key: 'k' })).toThrow('was not taken');
    expect(await commands.find('d', command.id)).toMatchObject({
      state: { is: 'QUEUED' },
      history: [{ to: 'QUEUED' }],
    });
    expect(await commands.stateOf('d')).toMatchObject({ waiting: 1 });
    const poll = new RecordedPoll();
    await commands.poll('d', poll);
    expect(poll.ids).toEqual([command.id]);
  });

  it('has its last place for a dead command that is driven again', async () => {
    const { commands, clock } = full({ maxDeliveries: 1 });
    const { command } = await commands.send('d', 'a', {});
    await commands.poll('d', new RecordedPoll());
    await commands.poll('d', new RecordedPoll());
    expect(await commands.find('d', command.id)).toMatchObject({ state: { is: 'DEAD' } });
    clock.advance(1_000);
    await commands.send('d', 'b', {}, { lane: 'other', notBefore: clock.now() + 60_000 });
    expect(await commands.redrive('d', command.id)).toMatchObject({
      verdict: 'done',
      command: { state: { is: 'QUEUED' } },
    });
    expect(() => commands.send('d', 'c', {})).toThrow('has 2 commands');
  });
});

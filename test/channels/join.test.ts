import { describe, expect, it } from '@jest/globals';
import type { Channel, Publication } from '../../src/channels/channel.js';
import { Channels } from '../../src/channels/channels.js';
import { BEFORE_ALL } from '../../src/engine/position.js';
import { draft } from '../contracts/message-log/log-under-test.js';
import { ManualClock } from '../support/manual-clock.js';
import { LaterMessageLog } from './support/later-message-log.js';
import { memoryLogOn } from './support/made-channels.js';
import { RecordedPoll } from './support/recorded-poll.js';

/** A channel over an engine that answers when the test lets it. */
function laterChannel() {
  const clock = new ManualClock();
  const engine = new LaterMessageLog(memoryLogOn(clock));
  const channels = new Channels(engine, clock, { maxChannels: 10 });
  const channel = channels.open('a');
  const publish = (body: string) => channel.publish(draft(body)) as Promise<Publication>;
  return { clock, engine, channels, channel, publish };
}

function parkAt(channel: Channel, after = BEFORE_ALL): RecordedPoll {
  const poll = new RecordedPoll();
  channel.poll(after, poll);
  return poll;
}

describe('A poll on an engine that answers later', () => {
  it('gets the oldest message of the history', async () => {
    const { engine, channel, publish } = laterChannel();
    publish('1');
    publish('2');
    await engine.tell();
    const poll = parkAt(channel);
    expect(poll.answers).toEqual([]);
    await engine.tell();
    expect(poll.answers).toEqual(['1']);
    expect(channel.delivered).toBe(1);
    expect(channel.polls.size).toBe(0);
  });

  it('is parked when there is no history, and gets the next message', async () => {
    const { engine, channel, publish } = laterChannel();
    const poll = parkAt(channel);
    await engine.tell();
    expect([poll.answers, channel.polls.size]).toEqual([[], 1]);
    publish('1');
    await engine.tell();
    expect(poll.answers).toEqual(['1']);
  });

  it('gets a message published during replay once, after the history', async () => {
    const { engine, channel, publish } = laterChannel();
    publish('history');
    await engine.tell();
    const poll = new RecordedPoll(({ messages }) => channel.poll(messages.at(-1)?.position ?? 0, poll));
    channel.poll(BEFORE_ALL, poll);
    publish('meanwhile');
    await engine.tellLast(1);
    expect(poll.answers).toEqual([]);
    await engine.tell();
    await engine.tell();
    await engine.tell();
    expect(poll.answers).toEqual(['history', 'meanwhile']);
  });

  it('gets the message that came while an empty history was looked for, and not those behind it', async () => {
    const { engine, channel } = laterChannel();
    const poll = parkAt(channel);
    const published = [1, 2].map(
      (i) => channel.publish(draft(`passing ${i}`, { store: false })) as Promise<Publication>,
    );
    expect(channel.polls.size).toBe(1);
    await engine.tellLast(2);
    expect((await Promise.all(published)).map(({ delivered }) => delivered)).toEqual([1, 0]);
    expect(poll.answers).toEqual([]);
    await engine.tell();
    expect(poll.answers).toEqual(['passing 1']);
    expect(channel.delivered).toBe(1);
  });

  it('counts one delivery when history and a live message come together', async () => {
    const { engine, channel, publish } = laterChannel();
    publish('1');
    await engine.tell();
    const poll = parkAt(channel);
    publish('2');
    await engine.tellLast(1);
    await engine.tell();
    expect(poll.answers).toEqual(['1']);
    expect(channel.delivered).toBe(1);
  });

  it('is ended at once when its channel is deleted, and not answered again', async () => {
    const { engine, channels, channel, publish } = laterChannel();
    publish('1');
    await engine.tell();
    const poll = parkAt(channel);
    channels.delete('a');
    expect(poll.answers).toEqual(['ended: gone']);
    await engine.tell();
    expect(poll.answers).toEqual(['ended: gone']);
  });

  it('leaves no trace when its client goes before the history is known', async () => {
    const { engine, channel } = laterChannel();
    const poll = parkAt(channel);
    channel.polls.leave(poll);
    expect(channel.polls.size).toBe(0);
    await engine.tell();
    expect(channel.polls.size).toBe(0);
    expect(poll.answers).toEqual([]);
  });

  it('is not answered by an older question when the same connection asks anew', async () => {
    const { engine, channel, publish } = laterChannel();
    const [first] = await Promise.all([publish('1'), publish('2'), engine.tell()]);
    const connection = parkAt(channel);
    channel.polls.leave(connection);
    channel.poll(first.message.position, connection);
    await engine.tell();
    expect(connection.answers).toEqual(['2']);
  });

  it('is ended so that it is asked again when the engine fails', async () => {
    const { engine, channel, channels } = laterChannel();
    engine.isAway = true;
    const poll = parkAt(channel);
    await engine.tell();
    expect(poll.answers).toEqual(['ended: stopping']);
    expect(channels.totals().parkedPolls).toBe(0);
  });
});

describe('A publication on an engine that answers later', () => {
  it('goes out once it is stored, in the order of the calls', async () => {
    const { engine, channel, publish } = laterChannel();
    const told: string[] = [];
    channel.live$.subscribe(({ body }) => told.push(body.toString()));
    const published = Promise.all([publish('1'), publish('2')]);
    expect([told, channel.published]).toEqual([[], 0]);
    await engine.tell();
    await published;
    expect([told, channel.published]).toEqual([['1', '2'], 2]);
  });

  it('keeps its channel from being swept', async () => {
    const { clock, engine, channels, channel } = laterChannel();
    const published = channel.publish(draft('1', { store: false }));
    clock.advance(60_000);
    channels.sweep();
    expect(channels.find('a')).toBe(channel);
    await engine.tell();
    await published;
    clock.advance(60_000);
    channels.sweep();
    expect(channels.find('a')).toBeUndefined();
  });

  it('tells the publisher that the engine refused', async () => {
    const { engine, channel } = laterChannel();
    const published = channel.publish(draft('x'.repeat(200_000_000)));
    await Promise.all([expect(published).rejects.toMatchObject({ code: 'log_full' }), engine.tell()]);
    expect([channel.published, channel.isPublishing]).toEqual([0, false]);
  });
});

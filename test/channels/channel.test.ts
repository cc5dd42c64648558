import { describe, expect, it } from '@jest/globals';
import type { Publication } from '../../src/channels/channel.js';
import { BEFORE_ALL } from '../../src/engine/position.js';
import { bodiesOf, draft } from '../contracts/message-log/log-under-test.js';
import { madeChannels, publish } from './support/made-channels.js';
import { RecordedPoll } from './support/recorded-poll.js';

describe('A channel', () => {
  it('gives a poll the first message behind its position at once', () => {
    const { channels } = madeChannels();
    const [first] = ['1', '2', '3'].map((body) => publish(channels, 'a', body)) as [Publication];
    const [fromStart, fromFirst] = [new RecordedPoll(), new RecordedPoll()];
    channels.open('a').poll(BEFORE_ALL, fromStart);
    channels.open('a').poll(first.message.position, fromFirst);
    expect([fromStart.answers, fromFirst.answers]).toEqual([['1'], ['2']]);
  });

  it('parks a poll that is ahead, and gives it the next message whatever its position', () => {
    const { channels, clock } = madeChannels();
    publish(channels, 'a', '1');
    const poll = new RecordedPoll();
    channels.open('a').poll(Number.MAX_SAFE_INTEGER, poll);
    expect(poll.answers).toEqual([]);
    clock.setWall(clock.now() - 3_600_000);
    publish(channels, 'a', '2');
    expect(poll.answers).toEqual(['2']);
  });

  it('tells the publisher how many waiting polls got the message', () => {
    const { channels } = madeChannels();
    expect(publish(channels, 'a', '1').delivered).toBe(0);
    for (let i = 0; i < 3; i++) channels.open('a').poll(channels.open('a').log.last, new RecordedPoll());
    expect(publish(channels, 'a', '2').delivered).toBe(3);
    expect(publish(channels, 'a', '3').delivered).toBe(0);
  });

  it('gives a message that is not kept to those who wait, and to nobody later', () => {
    const { channels } = madeChannels();
    const [waiting, late] = [new RecordedPoll(), new RecordedPoll()];
    channels.open('a').poll(BEFORE_ALL, waiting);
    publish(channels, 'a', 'passing', { store: false });
    channels.open('a').poll(BEFORE_ALL, late);
    expect([waiting.answers, late.answers]).toEqual([['passing'], []]);
  });

  it('shows its live stream every message once, in the order of the log', async () => {
    const { channels } = madeChannels();
    const told: string[] = [];
    channels.open('a').live$.subscribe(({ body }) => told.push(body.toString()));
    for (let i = 0; i < 50; i++) publish(channels, 'a', `m${i}`);
    expect(told).toEqual(bodiesOf(await channels.open('a').log.read(BEFORE_ALL, 100)));
    expect(told).toHaveLength(50);
  });

  it('keeps the order for all observers when one of them publishes as it is told', () => {
    const { channels } = madeChannels();
    const channel = channels.open('a');
    const told: string[] = [];
    channel.live$.subscribe(({ body }) => {
      if (body.toString() === 'question') publish(channels, 'a', 'answer');
    });
    channel.live$.subscribe(({ body }) => told.push(body.toString()));
    publish(channels, 'a', 'question');
    publish(channels, 'a', 'later');
    expect(told).toEqual(['question', 'answer', 'later']);
  });

  it('gives a parked poll its message before observers can react to it', () => {
    const { channels } = madeChannels();
    const poll = new RecordedPoll();
    channels.open('a').poll(BEFORE_ALL, poll);
    channels.open('a').live$.subscribe(({ body }) => {
      if (body.toString() === 'question') publish(channels, 'a', 'answer');
    });
    expect(publish(channels, 'a', 'question').delivered).toBe(1);
    expect(poll.answers).toEqual(['question']);
  });

  it('counts what was published and delivered, live and from the buffer', () => {
    const { channels, clock } = madeChannels();
    const channel = channels.open('a');
    expect(channel).toMatchObject({ published: 0, delivered: 0, lastPublishedAt: undefined, createdAt: clock.now() });
    channel.poll(BEFORE_ALL, new RecordedPoll());
    clock.advance(2_000);
    publish(channels, 'a', '1');
    channel.poll(BEFORE_ALL, new RecordedPoll());
    expect(channel).toMatchObject({ published: 1, delivered: 2, lastPublishedAt: clock.now() });
  });

  it('counts nothing for a message that was refused', () => {
    const { channels } = madeChannels();
    expect(() => publish(channels, 'a', 'x'.repeat(200_000_000))).toThrow('max_reserved_memory');
    expect(channels.open('a')).toMatchObject({ published: 0, lastPublishedAt: undefined });
  });

  it('drops a received message only when it is the oldest and enough are left', () => {
    const { channels } = madeChannels();
    const [first, second] = ['1', '2', '3'].map((body) => publish(channels, 'a', body).message);
    const channel = channels.open('a');
    if (!first || !second) throw new Error('three were published');
    channel.discardReceived(second, 1);
    expect(channel.log.length).toBe(3);
    channel.discardReceived(first, 3);
    expect(channel.log.length).toBe(3);
    channel.discardReceived(first, 2);
    expect([channel.log.length, channel.log.first]).toEqual([2, second.position]);
  });

  it('knows how long it is idle by a clock that nobody sets', () => {
    const { channels, clock } = madeChannels();
    const channel = channels.open('a');
    clock.advance(1_500);
    clock.setWall(clock.now() + 1_000_000);
    expect(channel.idleMs).toBe(1_500);
    channel.noteRequest();
    expect([channel.idleMs, channel.lastPolledAt]).toEqual([0, clock.now()]);
    clock.advance(700);
    channel.publish(draft());
    expect(channel.idleMs).toBe(0);
  });
});

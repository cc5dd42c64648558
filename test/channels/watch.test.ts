import { describe, expect, it } from '@jest/globals';
import type { Observable, Subscription } from 'rxjs';
import { channelKey } from '../../src/channels/channel-key.js';
import type { ChannelMessage } from '../../src/channels/channels.js';
import { madeChannels, publish } from './support/made-channels.js';

function follow(messages$: Observable<ChannelMessage>): { told: string[]; subscription: Subscription } {
  const told: string[] = [];
  const subscription = messages$.subscribe(({ channel, message }) => told.push(`${channel.key}: ${message.body}`));
  return { told, subscription };
}

describe('Watching channels by a pattern', () => {
  it('tells of messages on channels that match, made before and later, and of no others', () => {
    const { channels } = madeChannels();
    publish(channels, 'devices/d1/events/t', 'too early');
    const { told } = follow(channels.watch('devices/+/events/t'));
    publish(channels, 'devices/d1/events/t', '1');
    publish(channels, 'devices/d2/events/t', '2');
    publish(channels, 'devices/d2/events/x', 'other type');
    publish(channels, 'devices/d2/commands', 'other kind');
    expect(told).toEqual(['devices/d1/events/t: 1', 'devices/d2/events/t: 2']);
  });

  it('goes on after a channel was deleted and made again', () => {
    const { channels } = madeChannels();
    const { told } = follow(channels.watch('a'));
    publish(channels, 'a', '1');
    channels.delete('a');
    publish(channels, 'a', '2');
    expect(told).toEqual(['a: 1', 'a: 2']);
  });

  it('does not reach into groups', () => {
    const { channels } = madeChannels();
    const { told } = follow(channels.watch('#'));
    publish(channels, channelKey('group', 'a'), '1');
    publish(channels, 'a', '2');
    expect(told).toEqual(['a: 2']);
  });

  it('tells each watcher once, and ends with its subscription alone', () => {
    const { channels } = madeChannels();
    const messages$ = channels.watch('#');
    const [first, second] = [follow(messages$), follow(messages$)];
    publish(channels, 'a', '1');
    first.subscription.unsubscribe();
    publish(channels, 'a', '2');
    publish(channels, 'b', '3');
    expect([first.told, second.told]).toEqual([['a: 1'], ['a: 1', 'a: 2', 'b: 3']]);
  });

  it('leaves nothing on a channel once its watchers have gone and a message has passed', () => {
    const { channels } = madeChannels();
    const channel = channels.open('a');
    const { subscription } = follow(channels.watch('#'));
    expect(channel.followers).toBe(1);
    subscription.unsubscribe();
    publish(channels, 'a', '1');
    expect(channel.followers).toBe(0);
  });

  it('keeps the order for all watchers when one publishes as it is told', () => {
    const { channels } = madeChannels();
    channels.watch('a').subscribe(({ message }) => {
      if (message.body.toString() === 'question') publish(channels, 'a', 'answer');
    });
    const { told } = follow(channels.watch('#'));
    publish(channels, 'a', 'question');
    expect(told).toEqual(['a: question', 'a: answer']);
  });

  it('refuses what is not a pattern when it is asked for', () => {
    const { channels } = madeChannels();
    expect(() => channels.watch('a/#/b')).toThrow('"#" must be the last segment');
  });
});

import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Channels } from '../../../src/channels/channels.js';
import { channelInfo } from '../../../src/gateway/publisher/channel-info.js';
import { madeChannels, publish } from '../../channels/support/made-channels.js';
import type { ManualClock } from '../../support/manual-clock.js';

describe('channelInfo', () => {
  let channels: Channels;
  let clock: ManualClock;

  beforeEach(() => {
    ({ channels, clock } = madeChannels());
  });

  function told(accept = 'text/json'): unknown {
    return channelInfo(channels.open('a'), clock.now(), accept).body;
  }

  it('counts seconds since the channel was made until a subscriber asks, then since that', () => {
    publish(channels, 'a', 'x');
    clock.advance(2_999);
    expect(told()).toBe('{"messages": 1, "requested": 2, "subscribers": 0 }');
    channels.open('a').noteRequest();
    clock.advance(1_000);
    expect(told()).toBe('{"messages": 1, "requested": 1, "subscribers": 0 }');
  });

  it('counts none when the clock was set back', () => {
    channels.open('a').noteRequest();
    clock.setWall(clock.now() - 60_000);
    expect(told()).toBe('{"messages": 0, "requested": 0, "subscribers": 0 }');
  });

  it('counts no message that has expired, though nobody has swept it', () => {
    publish(channels, 'a', 'x', { expiresAt: clock.now() + 1_000 });
    publish(channels, 'a', 'y');
    clock.advance(1_000);
    expect(told()).toBe('{"messages": 1, "requested": 1, "subscribers": 0 }');
  });

  it('looks for a type in an Accept of any length at once', () => {
    const accept = 'application/x-'.repeat(500);
    expect(channelInfo(channels.open('a'), clock.now(), accept).headers).toEqual([['Content-Type', 'text/plain']]);
    expect(channelInfo(channels.open('a'), clock.now(), `${accept}, text/xml`).headers).toEqual([
      ['Content-Type', 'text/xml'],
    ]);
  });
});

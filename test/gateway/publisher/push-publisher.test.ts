import { beforeEach, describe, expect, it } from '@jest/globals';
import { Channels } from '../../../src/channels/channels.js';
import { BEFORE_ALL } from '../../../src/engine/position.js';
import { deleteChannel, publish } from '../../../src/gateway/publisher/push-publisher.js';
import { LaterMessageLog } from '../../channels/support/later-message-log.js';
import { memoryLogOn } from '../../channels/support/made-channels.js';
import { RecordedPoll } from '../../channels/support/recorded-poll.js';
import { ManualClock } from '../../support/manual-clock.js';
import { locationOf, RecordedExchange, routeTo } from '../support/recorded-exchange.js';

describe('publish, on an engine that answers later', () => {
  const location = locationOf('publisher');
  let log: LaterMessageLog;
  let channels: Channels;

  beforeEach(() => {
    const clock = new ManualClock();
    log = new LaterMessageLog(memoryLogOn(clock));
    channels = new Channels(log, clock, { maxChannels: 10 });
  });

  function post(body: string): RecordedExchange {
    const exchange = new RecordedExchange(location, {}, body);
    publish(exchange, channels, routeTo(location));
    return exchange;
  }

  it('answers when the message is kept, and not before', async () => {
    const exchange = post('x');
    expect(exchange.told).toEqual([]);
    await log.tell();
    expect(exchange.told).toEqual([202]);
    expect(exchange.answered?.body).toMatch(/^queued messages: 1\r\n/);
  });

  it('answers 201 when somebody waits by then', async () => {
    const poll = new RecordedPoll();
    const exchange = post('x');
    channels.open('a').polls.park(poll);
    await log.tell();
    expect([exchange.told, poll.answers]).toEqual([[201], ['x']]);
  });

  it('tells the fault when the message could not be kept', async () => {
    log.isAway = true;
    const exchange = post('x');
    await log.tell();
    expect(exchange.told).toEqual(['engine_unavailable']);
  });

  it('answers a message that was under way when its channel was deleted', async () => {
    const exchange = post('x');
    const deletion = new RecordedExchange(location);
    deleteChannel(deletion, channels, routeTo(location));
    await log.tell();
    expect([deletion.told, exchange.told]).toEqual([[200], [202]]);
    expect(channels.find('a')).toBeUndefined();
  });
});

describe('publish', () => {
  it.each([
    [0, Number.POSITIVE_INFINITY],
    [1_500, 1_500],
  ])('with a message_timeout of %d ms lets a message expire %d ms from now', (messageTimeoutMs, inMs) => {
    const clock = new ManualClock();
    const channels = new Channels(memoryLogOn(clock), clock, { maxChannels: 10 });
    const location = locationOf('publisher', { messageTimeoutMs });
    publish(new RecordedExchange(location, { 'content-type': '' }, 'x'), channels, routeTo(location));
    expect(channels.open('a').log.read(BEFORE_ALL, 1)).toMatchObject([
      { contentType: null, expiresAt: clock.now() + inMs },
    ]);
  });
});

import { beforeEach, describe, expect, it } from '@jest/globals';
import { Channels } from '../../../src/channels/channels.js';
import { subscribe } from '../../../src/gateway/subscriber/push-subscriber.js';
import type { LocationSettings } from '../../../src/locations/location.js';
import { LaterMessageLog } from '../../channels/support/later-message-log.js';
import { memoryLogOn } from '../../channels/support/made-channels.js';
import { draft } from '../../contracts/message-log/log-under-test.js';
import { ManualClock } from '../../support/manual-clock.js';
import { locationOf, RecordedExchange, routeTo } from '../support/recorded-exchange.js';

describe('subscribe, on an engine that answers later', () => {
  let log: LaterMessageLog;
  let channels: Channels;

  beforeEach(() => {
    const clock = new ManualClock();
    log = new LaterMessageLog(memoryLogOn(clock));
    channels = new Channels(log, clock, { maxChannels: 10 });
  });

  function poll(changed: Partial<LocationSettings> = {}, headers: Record<string, string> = {}): RecordedExchange {
    const location = locationOf('subscriber', changed);
    const exchange = new RecordedExchange(location, headers);
    subscribe(exchange, channels, routeTo(location));
    return exchange;
  }

  async function publish(...bodies: string[]): Promise<void> {
    for (const body of bodies) channels.open('a').publish(draft(body));
    await log.tell();
  }

  it('gives a long-poll the stored message', async () => {
    await publish('m1', 'm2');
    const exchange = poll();
    expect(exchange.told).toEqual([]);
    await log.tell();
    expect(exchange.told).toEqual(['m1']);
  });

  it('lets a long-poll wait when nothing is stored, and times it from its beginning', async () => {
    const exchange = poll({ subscriberTimeoutMs: 30_000 });
    expect(exchange.timeoutMs).toBe(30_000);
    await log.tell();
    expect(exchange.told).toEqual([]);
    await publish('m1');
    expect(exchange.told).toEqual(['m1']);
  });

  it('counts a long-poll as waiting while its history is looked for', () => {
    poll();
    expect(channels.open('a').polls.size).toBe(1);
    expect(poll({ maxChannelSubscribers: 1 }).told).toEqual([403]);
    expect(poll({ subscriberConcurrency: 'first' }).told).toEqual([409]);
  });

  it('ends a long-poll whose history is looked for when the last one comes', async () => {
    const first = poll();
    const last = poll({ subscriberConcurrency: 'last' });
    expect(first.told).toEqual(['ended: conflict']);
    await publish('m1');
    expect([first.told, last.told]).toEqual([['ended: conflict'], ['m1']]);
  });

  it('gives an interval-poll the stored message, or 304 with its tag', async () => {
    const early = poll({ subscriberMode: 'interval-poll' }, { 'if-none-match': '"7"' });
    await log.tell();
    expect(early.answered).toEqual({ status: 304, headers: [['Etag', '"7"']], body: '' });
    await publish('m1');
    const late = poll({ subscriberMode: 'interval-poll' });
    await log.tell();
    expect(late.told).toEqual(['m1']);
  });

  it('tells an interval-poll the fault of the engine', async () => {
    log.isAway = true;
    const exchange = poll({ subscriberMode: 'interval-poll' });
    await log.tell();
    expect(exchange.told).toEqual(['engine_unavailable']);
  });

  it('drops the oldest message as it is received', async () => {
    await publish('m1', 'm2');
    const exchange = poll({ deleteOldestReceivedMessage: true });
    await log.tell();
    expect([exchange.told, channels.open('a').log.length]).toEqual([['m1'], 1]);
  });

  it('does not make a channel for whom it refuses', () => {
    expect(poll({ authorizedChannelsOnly: true }).told).toEqual([403]);
    expect(channels.find('a')).toBeUndefined();
  });
});

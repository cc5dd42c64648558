import { describe, expect, it } from '@jest/globals';
import type { ChannelPolicy } from '../../src/channels/channel-policy.js';
import { Channels } from '../../src/channels/channels.js';
import { Commits } from '../../src/channels/commits.js';
import type { LmdbEngine } from '../../src/engine/lmdb/lmdb-engine.js';
import { BEFORE_ALL } from '../../src/engine/position.js';
import { draft, type LogSetting, wideSetting } from '../contracts/message-log/log-under-test.js';
import { closeEngine, emptyFolder, openEngine } from '../engine/lmdb/support/lmdb-under-test.js';
import { RecordedPoll } from './support/recorded-poll.js';

interface Hub {
  readonly engine: LmdbEngine;
  readonly channels: Channels;
}

async function open(setting: LogSetting, folder: string, maxChannels = 1_000): Promise<Hub> {
  const engine = await openEngine(setting, folder);
  return { engine, channels: new Channels(engine.messages, setting.clock, { maxChannels }) };
}

const policy = (channelTimeoutMs: number): ChannelPolicy => ({
  location: '/pub',
  minMessageBufferLength: 1,
  maxMessageBufferLength: 7,
  messageTimeoutMs: 60_000,
  channelTimeoutMs,
  durability: 'disk',
});

/** Publishes as a location does, which brings its settings. */
async function publish(
  { channels }: Hub,
  key: string,
  body: string,
  expiresAt = Number.POSITIVE_INFINITY,
): Promise<void> {
  const channel = channels.open(key);
  channel.policy = policy(2_000);
  await channel.publish(draft(body, { expiresAt }));
}

/** Sweeps often enough for each channel to be looked at twice. */
async function sweep({ channels, engine }: Hub, setting: LogSetting): Promise<void> {
  for (let i = 0; i < 2; i++) {
    setting.clock.advance(1_000);
    channels.sweep();
    await engine.messages.close();
  }
}

describe('Channels on disk', () => {
  it('are found after a restart with their messages, settings and counts, and others are not', async () => {
    const [setting, folder] = [wideSetting(), emptyFolder()];
    const before = await open(setting, folder);
    await publish(before, 'a', '1');
    await publish(before, 'a', '2');
    const { createdAt } = before.channels.open('a');
    setting.clock.advance(40_000);
    await sweep(before, setting);
    await closeEngine(before.engine);
    const { channels } = await open(setting, folder);
    expect(channels.find('b')).toBeUndefined();
    const found = channels.find('a');
    expect(found).toMatchObject({ published: 2, policy: policy(2_000), createdAt });
    expect([found?.log.length, channels.totals().channels]).toEqual([2, 1]);
    const poll = new RecordedPoll();
    found?.poll(BEFORE_ALL, poll);
    expect(poll.answers).toEqual(['1']);
    expect(channels.list({ limit: 10 }).map(({ key }) => key)).toEqual(['a']);
  });

  it('remember their settings after a crash as well, and count from the last time they were closed', async () => {
    const [setting, folder] = [wideSetting(), emptyFolder()];
    const before = await open(setting, folder);
    await publish(before, 'a', '1');
    await closeEngine(before.engine);
    const { channels } = await open(setting, folder);
    expect(channels.find('a')).toMatchObject({ published: 0, policy: policy(2_000) });
  });

  it('remember what they counted when the hub stops while they are in use', async () => {
    const [setting, folder] = [wideSetting(), emptyFolder()];
    const before = await open(setting, folder);
    await publish(before, 'a', '1');
    await publish(before, 'a', '2');
    const { lastPublishedAt } = before.channels.open('a');
    before.channels.rememberAll();
    await closeEngine(before.engine);
    const { channels } = await open(setting, folder);
    expect(channels.find('a')).toMatchObject({ published: 2, lastPublishedAt });
  });

  it('count against the limit of channels, opened or not', async () => {
    const [setting, folder] = [wideSetting(), emptyFolder()];
    const before = await open(setting, folder);
    await publish(before, 'a', '1');
    await publish(before, 'b', '1');
    await closeEngine(before.engine);
    const { channels } = await open(setting, folder, 2);
    expect(() => channels.open('c')).toThrow(expect.objectContaining({ code: 'channel_limit' }));
    expect(channels.open('a').log.length).toBe(1);
    channels.delete('b');
    expect(channels.open('c').log.length).toBe(0);
  });

  it('can be deleted without being opened before', async () => {
    const [setting, folder] = [wideSetting(), emptyFolder()];
    const before = await open(setting, folder);
    await publish(before, 'a', '1');
    await closeEngine(before.engine);
    const { channels } = await open(setting, folder);
    expect([channels.delete('a'), channels.delete('a'), channels.find('a')]).toEqual([true, false, undefined]);
    expect(channels.log.stats()).toMatchObject({ channels: 0, messages: 0 });
  });
});

describe('The sweep', () => {
  it('closes a channel that nobody uses and opens it again when it is asked for', async () => {
    const setting = wideSetting();
    const hub = await open(setting, emptyFolder());
    await publish(hub, 'a', '1');
    const opened = hub.channels.open('a');
    await sweep(hub, setting);
    expect(hub.channels.find('a')).toBe(opened);
    setting.clock.advance(40_000);
    await sweep(hub, setting);
    expect(hub.engine.stats().openChannels).toBe(0);
    const again = hub.channels.find('a');
    expect(again).not.toBe(opened);
    expect(again).toMatchObject({ published: 1, policy: policy(2_000) });
  });

  it('leaves open what a poll waits in or somebody follows', async () => {
    const setting = wideSetting();
    const hub = await open(setting, emptyFolder());
    for (const key of ['polled', 'followed', 'watched']) await publish(hub, key, '1');
    const [polled, followed] = [hub.channels.open('polled'), hub.channels.open('followed')];
    polled.poll(polled.log.last, new RecordedPoll());
    const told: string[] = [];
    followed.live$.subscribe(({ body }) => told.push(`followed: ${body}`));
    hub.channels.watch('watched').subscribe(({ message }) => told.push(`watched: ${message.body}`));
    setting.clock.advance(40_000);
    await sweep(hub, setting);
    expect([hub.channels.find('polled'), hub.channels.find('followed')]).toEqual([polled, followed]);
    expect(hub.engine.stats().openChannels).toBe(2);
    await publish(hub, 'followed', '2');
    await publish(hub, 'watched', '2');
    expect(told).toEqual(['followed: 2', 'watched: 2']);
  });

  it('drops what expired in channels that nobody opened, and removes them when they are empty for their time', async () => {
    const [setting, folder] = [wideSetting(), emptyFolder()];
    const before = await open(setting, folder);
    await publish(before, 'brief', '1', setting.clock.now() + 1_000);
    await publish(before, 'lasting', '1');
    await closeEngine(before.engine);
    const hub = await open(setting, folder);
    await sweep(hub, setting);
    expect(hub.channels.log.stats()).toMatchObject({ channels: 2, messages: 1 });
    await sweep(hub, setting);
    await sweep(hub, setting);
    expect(hub.channels.log.stats()).toMatchObject({ channels: 1, messages: 1 });
    expect([hub.channels.find('brief'), hub.engine.stats().openChannels]).toEqual([undefined, 0]);
  });
});

describe('Messages of one channel', () => {
  it('go out in the order of the log, those of change sets and single ones', async () => {
    const setting = wideSetting();
    const { engine, channels } = await open(setting, emptyFolder());
    const commits = new Commits(engine, channels);
    const told: string[] = [];
    channels.open('a').live$.subscribe(({ body }) => told.push(body.toString()));
    const message = (body: string) => ({ channel: 'a', message: draft(body) });
    await Promise.all([
      channels.open('a').publish(draft('1')),
      commits.commit({ records: [], messages: [message('2'), message('3')] }),
      channels.open('a').publish(draft('4')),
      commits.commit({ records: [], messages: [message('5')] }),
    ]);
    expect(told).toEqual(['1', '2', '3', '4', '5']);
  });
});

import { type Publication } from '../../../src/channels/channel.js';
import { type ChannelLimits, Channels } from '../../../src/channels/channels.js';
import { MemoryEngine } from '../../../src/engine/memory/memory-engine.js';
import { MemoryMessageLog } from '../../../src/engine/memory/memory-message-log.js';
import type { NewMessage } from '../../../src/engine/message-log.js';
import { draft } from '../../contracts/message-log/log-under-test.js';
import { ManualClock } from '../../support/manual-clock.js';

export function memoryLogOn(
  clock: ManualClock,
  limits = { maxBytes: 100_000_000, maxMessages: 100_000 },
): MemoryMessageLog {
  return new MemoryMessageLog({ now: () => clock.now(), ...limits });
}

/** Channels over a memory log that stand still in time until the clock is moved. */
export function madeChannels(limits: ChannelLimits = { maxChannels: 10_000 }): {
  channels: Channels;
  clock: ManualClock;
} {
  const clock = new ManualClock();
  return { channels: new Channels(memoryLogOn(clock), clock, limits), clock };
}

/** The same together with the engine that keeps their messages, for rooms that keep records as well. */
export function madeEngine(limits: ChannelLimits = { maxChannels: 10_000 }) {
  const clock = new ManualClock();
  const engine = new MemoryEngine({ now: () => clock.now(), maxBytes: 100_000_000, maxMessages: 100_000 });
  return { engine, channels: new Channels(engine.messages, clock, limits), clock };
}

/** Publishes at once, as the memory log lets it. */
export function publish(channels: Channels, key: string, body: string, changed: Partial<NewMessage> = {}): Publication {
  return channels.open(key).publish(draft(body, changed)) as Publication;
}

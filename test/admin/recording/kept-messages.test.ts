import { describe, expect, it } from '@jest/globals';
import { type KeptQuery, keptMessages } from '../../../src/admin/recording/kept-messages.js';
import { RecordedChannels } from '../../../src/admin/recording/recorded-channels.js';
import { BEFORE_ALL } from '../../../src/engine/position.js';
import { madeChannels, publish } from '../../channels/support/made-channels.js';

describe('What is kept for a recording', () => {
  const recorded = new RecordedChannels(['devices/#']);

  function query(channels: KeptQuery['channels'], isOver = false): KeptQuery {
    return { channels, recorded, after: BEFORE_ALL, isOver: () => isOver };
  }

  async function othersHadTheirTurn(looking: Promise<unknown>): Promise<number> {
    let turns = 0;
    let next = setImmediate(function count() {
      turns++;
      next = setImmediate(count);
    });
    await looking;
    clearImmediate(next);
    return turns;
  }

  it.each([
    ['of many channels', (i: number) => `devices/d/events/t${i}`],
    ['of one channel', () => 'devices/d/events/t'],
  ])('is gathered a part at a time, %s', async (_, channelOf) => {
    const { channels } = madeChannels();
    for (let i = 0; i < 300; i++) publish(channels, channelOf(i), String(i), { keepAtMost: 300 });
    const looking = keptMessages(query(channels));
    expect(await othersHadTheirTurn(looking)).toBeGreaterThanOrEqual(2);
    expect((await looking).messages).toHaveLength(300);
  });

  it('is no longer gathered once nobody waits for it', async () => {
    const { channels } = madeChannels();
    for (let i = 0; i < 300; i++) publish(channels, `devices/d/events/t${i}`, String(i));
    expect((await keptMessages(query(channels, true))).messages).toHaveLength(1);
  });
});

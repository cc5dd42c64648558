import { afterEach, describe, expect, it } from '@jest/globals';
import { type TestHub, testHub } from '../../../src/testing/index.js';
import { VirtualClock } from '../../../src/testing/time/virtual-clock.js';
import { CALM, Cooler, Moody, moods } from '../support/plugins.js';

const { every, step } = VirtualClock.prototype;
let hub: TestHub | undefined;

afterEach(async () => {
  Object.assign(VirtualClock.prototype, { every, step });
  Object.assign(moods, CALM);
  await hub?.close();
  hub = undefined;
});

/** Every tick counts: time without jumps. */
function withoutJumps(): void {
  VirtualClock.prototype.every = function (periodMs, tick) {
    return every.call(this, periodMs, tick);
  };
}

/** How many ticks are called from now on. */
function countTicks(): () => number {
  let ticks = 0;
  VirtualClock.prototype.step = function (end) {
    const isTick = step.call(this, end);
    if (isTick) ticks++;
    return isTick;
  };
  return () => ticks;
}

/**
 * A night of a hub with all that takes time: what its plugins and devices saw of it, with when. There is no redelivery in
 * it, whose pause is left to chance.
 */
async function night(): Promise<unknown[]> {
  const seen: unknown[] = [];
  const here = await testHub([Cooler, Moody], { failures: 'keep' });
  hub = here;
  let failures = 0;
  moods.act = (turn, device) => {
    seen.push(['act', device, turn.attempt, here.now]);
    if (device === 'ill' && failures++ < 6) throw new Error('not yet');
    if (device === 'slow') return new Promise((resolve) => setTimeout(resolve, 7_300));
    turn.timers.set('later', '700s', device, { every: '1100s' });
    turn.command(device, 'act', {}, { ttl: '90s', ack: 'result', timeout: '20s' });
    return turn.outbox.put('outside', device);
  };
  moods.send = ({ attempt, data }) => {
    seen.push(['send', data, attempt, here.now]);
    if (attempt < 4) throw new Error('the network is away');
  };
  const fan = here.device('fan-1').answer('fan.set', () => ({ status: 200 }));
  const slow = here.device('slow').slow('40s');
  here.device('ill').offline();
  await here.emit('devices/fan-1/events/temperature', { celsius: 31 });
  for (const device of ['ill', 'slow', 'fan-1']) await here.emit(`devices/${device}/events/act`);
  await here.advance('13m');
  fan.offline();
  await here.emit('devices/fan-1/events/temperature', { celsius: 33 });
  await here.advance('47m');
  fan.online();
  await here.restart({ downFor: '21m' });
  await here.advance('3h');
  seen.push(
    here.now,
    here.outcomes(),
    fan.commands(),
    slow.commands(),
    await here.plugin('cooler').state(),
    await here.plugin('moody').timers(),
  );
  seen.push(
    await here.plugin('moody').deadLetters(),
    here.messages('told/fan-1'),
    here.plugin('cooler').status().counters,
  );
  return JSON.parse(JSON.stringify(seen, withoutChance)) as unknown[];
}

/** Ids and locks are random. */
function withoutChance(key: string, value: unknown): unknown {
  return ['id', 'lock', 'command', 'position'].includes(key) ? undefined : value;
}

describe('Time in a hub for tests', () => {
  it('comes to the same with jumps over what does nothing as without', async () => {
    const jumping = await night();
    await hub?.close();
    withoutJumps();
    const walking = await night();
    expect(jumping).toEqual(walking);
    expect(jumping.length).toBeGreaterThan(30);
  });

  it('jumps over a week in which nothing is due', async () => {
    hub = await testHub(Cooler);
    hub.device('fan-1').offline();
    await hub.emit('devices/fan-1/events/temperature', { celsius: 31 });
    await hub.advance('1h');
    const ticks = countTicks();
    await hub.advance('5d');
    expect(ticks()).toBeLessThan(10);
  });

  it('comes to what is due within a week', async () => {
    hub = await testHub(Moody);
    const here = hub;
    const calls: number[] = [];
    const start = here.now;
    moods.act = (turn) => {
      calls.push(here.now - start);
      turn.timers.set('later', '6d');
    };
    await here.emit('devices/a/events/act');
    await here.advance('7d');
    expect(calls).toEqual([0, 6 * 86_400_000]);
  });
});

import { afterEach, describe, expect, it } from '@jest/globals';
import { IDLE, script } from './plugins/scripted/index.js';
import { type LogicUnderTest, startLogic, stopLogic } from './support/started-logic.js';

afterEach(stopLogic);

const EVENTS = [1, 2, 3];

/** Asks for everything that a turn can ask for. Items of the outbox stay where they are. */
function askForAll(): void {
  script.mail = () => new Promise(() => {});
  script.handle = async ({ device, data }, turn) => {
    const count = (await turn.state.for(device).get<number>('count')) ?? 0;
    turn.state.for(device).set('count', count + 1);
    turn.command(device, 'go', data.value);
    turn.publish('news', `${device} ${data.value}`);
    turn.timers.set('tick', '10m', `${device}-${data.value}`);
    turn.outbox.put('mail', `${device} ${data.value}`);
  };
}

function effectsIn(logic: LogicUnderTest) {
  return {
    commands: logic.commands('fan-1'),
    messages: logic.messages('news').map(({ body }) => body.toString()),
    kept: logic.keptKeys().length,
  };
}

/** What the first events come to: one entry of the state, and of each a timer, its time and an item of the outbox. */
function effectsOf(events: number): ReturnType<typeof effectsIn> {
  const done = EVENTS.slice(0, events);
  return {
    commands: done.map((value) => `go ${value}`),
    messages: done.map((value) => `fan-1 ${value}`),
    kept: events === 0 ? 0 : 1 + 3 * events,
  };
}

describe.each([
  ['at once', false],
  ['later', true],
])('A hub on an engine that answers %s', (_, isLater) => {
  it('has done each turn once and wholly after a crash between any two steps, and nothing by halves before', async () => {
    let hasSurvived = false;
    for (let steps = 0; !hasSurvived; steps++) {
      const first = await startLogic();
      askForAll();
      first.engine.isLater = isLater;
      first.engine.dieAfter(steps);
      for (const value of EVENTS) first.post('fan-1', 'reading', { value });
      await first.idleOrDead(EVENTS.length);
      hasSurvived = !first.engine.isDead;
      const before = effectsIn(first);
      expect(before).toEqual(effectsOf(before.commands.length));
      const posted = first.messages('devices/fan-1/events/reading').length;
      const second = await startLogic({ after: first });
      await second.idleOrDead();
      expect(effectsIn(second)).toEqual(effectsOf(posted));
      if (hasSurvived) expect(steps).toBeGreaterThanOrEqual(4 * EVENTS.length);
      await stopLogic();
      Object.assign(script, IDLE);
    }
  });

  it('does not repeat a turn that was committed although the engine said that it was not', async () => {
    const logic = await startLogic();
    askForAll();
    logic.engine.isLater = isLater;
    logic.engine.liesOnce = true;
    logic.post('fan-1', 'reading', { value: 1 });
    await logic.idleOrDead(1);
    logic.clock.advance(10_000);
    await logic.idleOrDead();
    expect(effectsIn(logic)).toEqual(effectsOf(1));
    expect(logic.status()).toMatchObject({ deadLetters: 0, counters: { failed: 0 } });
  });
});

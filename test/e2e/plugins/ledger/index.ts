import { IsInt } from 'class-validator';
import { type DeviceEvent, LogicServer, OnEvent, OnTimer, type Timer, type Turn } from 'signalbox/plugin';

class Entry {
  @IsInt()
  number!: number;
}

/** Enters each number in a channel of its own, and into a count; later, by a timer, in another channel. */
@LogicServer({ name: 'ledger', version: '1.0.0', grants: { publish: ['ledger/#'] }, run: { concurrency: 64 } })
export default class Ledger {
  @OnEvent('devices/+/events/entry', Entry)
  async enter({ data: { number } }: DeviceEvent<Entry>, turn: Turn) {
    const count = (await turn.state.global.get<number>('count')) ?? 0;
    turn.publish(`ledger/entries/${number}`, 'entered');
    turn.timers.set('later', '1s', String(number));
    turn.state.global.set('count', count + 1);
  }

  @OnTimer('later')
  enterLater({ key }: Timer, turn: Turn) {
    turn.publish(`ledger/later/${key}`, 'entered');
  }

  @OnEvent('devices/+/events/audit')
  async audit(_: DeviceEvent<unknown>, turn: Turn) {
    turn.publish('ledger/count', { count: await turn.state.global.get('count') });
  }
}

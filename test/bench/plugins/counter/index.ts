import { Module } from '@nestjs/common';
import { ignoreElements, type Observable, tap } from 'rxjs';
import { type DeviceEvent, LogicServer, OnEvent, Pipeline, type Turn } from 'signalbox/plugin';

/**
 * As little logic as a turn with an effect can have: it counts the events of each device. Told to hold, it stands still as
 * if it were away, and its events wait in the journal.
 */
@LogicServer({
  name: 'counter',
  version: '1.0.0',
  grants: { state: '1g' },
  run: { concurrency: 64, timeout: '60s' },
})
export class Counter {
  private held: Promise<void> | undefined;
  private release = () => {};

  @OnEvent('devices/+/events/count')
  async count({ device }: DeviceEvent<unknown>, turn: Turn) {
    if (this.held) await this.held;
    const kept = turn.state.for(device);
    kept.set('count', ((await kept.get<number>('count')) ?? 0) + 1);
  }

  @OnEvent('devices/+/events/hold')
  hold(_event: DeviceEvent<unknown>, turn: Turn) {
    this.held = new Promise((resolve) => {
      this.release = resolve;
    });
    turn.skip('it only holds the others up');
  }

  /** A pipeline, for those get their events at once, whatever waits in the journal. */
  @Pipeline('devices/+/events/release')
  goOn(events$: Observable<DeviceEvent<unknown>>): Observable<never> {
    return events$.pipe(
      tap(() => {
        this.held = undefined;
        this.release();
      }),
      ignoreElements(),
    );
  }
}

@Module({ providers: [Counter] })
export default class CounterModule {}

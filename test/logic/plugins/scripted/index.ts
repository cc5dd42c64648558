import { IsInt, IsNumber, IsOptional, Max } from 'class-validator';
import { NEVER, type Observable } from 'rxjs';
import { type DeviceEvent, type Emission, LogicServer, OnEvent, Pipeline, type Turn } from 'signalbox/plugin';

export class Reading {
  @IsNumber()
  value!: number;
}

export class Settings {
  @IsOptional()
  @IsInt()
  @Max(10, { message: 'A whole number up to 10 is allowed.' })
  most = 5;
}

type Handle = (event: DeviceEvent<Reading>, turn: Turn) => unknown;
type Flow = (events$: Observable<DeviceEvent<Reading>>) => Observable<Emission>;

/** What the plugin does, set by the test that starts it. */
export const script: { handle: Handle; flow: Flow; settings: Settings | undefined } = {
  handle: () => {},
  flow: () => NEVER,
  settings: undefined,
};

@LogicServer({ name: 'scripted', version: '1.2.3', config: Settings })
export default class Scripted {
  constructor(settings: Settings) {
    script.settings = settings;
  }

  @OnEvent('devices/+/events/reading', Reading)
  handle(event: DeviceEvent<Reading>, turn: Turn): unknown {
    return script.handle(event, turn);
  }

  @Pipeline('devices/+/events/flowing', Reading)
  flow(events$: Observable<DeviceEvent<Reading>>): Observable<Emission> {
    return script.flow(events$);
  }
}

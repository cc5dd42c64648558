import type { Observable } from 'rxjs';
import { declareMethod } from './declarations.js';
import type { DeviceEvent } from './device-event.js';
import type { Emission } from './emission.js';
import type { LogicClock } from './logic-clock.js';
import type { PlainClass } from './logic-server-options.js';

type Flow<T> = (events$: Observable<DeviceEvent<T>>, clock: LogicClock) => Observable<Emission>;
type PipelineDecorator<T> = <Method extends Flow<T>>(
  server: object,
  method: string | symbol,
  descriptor: TypedPropertyDescriptor<Method>,
) => void;

/**
 * Marks a method that turns a stream of events into a stream of commands and messages. It is called once, and again,
 * after a pause, when its stream failed. Each emission is carried out as it comes. Operators that wait are given the clock.
 * @param pattern of `devices/{device}/events/{type}`; `+` is one segment, `#` at the end all that is left
 * @param payload a class with decorators of class-validator; an event that does not pass is left out of the stream
 */
export function Pipeline<T extends object>(pattern: string, payload: PlainClass<T>): PipelineDecorator<T>;
export function Pipeline(pattern: string): PipelineDecorator<unknown>;
export function Pipeline(pattern: string, payload?: PlainClass): MethodDecorator {
  return (server, method) => declareMethod(server, { kind: 'pipeline', method, pattern, payload });
}

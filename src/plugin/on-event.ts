import { declareMethod } from './declarations.js';
import type { DeviceEvent } from './device-event.js';
import type { PlainClass } from './logic-server-options.js';
import type { HandlerDecorator } from './method-decorator.js';

/**
 * Marks a method that is called with each event whose channel matches, one after the other for each device. What came
 * while the hub or the plugin was down is brought to it afterwards.
 * @param pattern of `devices/{device}/events/{type}`; `+` is one segment, `#` at the end all that is left
 * @param payload a class with decorators of class-validator; an event that does not pass never reaches the method
 */
export function OnEvent<T extends object>(pattern: string, payload: PlainClass<T>): HandlerDecorator<DeviceEvent<T>>;
export function OnEvent(pattern: string): HandlerDecorator<DeviceEvent<unknown>>;
export function OnEvent(pattern: string, payload?: PlainClass): MethodDecorator {
  return (server, method) => declareMethod(server, { kind: 'event', method, pattern, payload });
}

import type { LogicServerOptions, PlainClass } from './logic-server-options.js';

/** A method that a decorator of the door has marked. */
export type Declaration = EventDeclaration | NamedDeclaration;

/** A method that gets the events of a pattern, one by one or as a stream. */
export interface EventDeclaration {
  readonly kind: 'event' | 'pipeline';
  readonly method: string | symbol;
  readonly pattern: string;
  readonly payload: PlainClass | undefined;
}

/** A method that gets what goes by a name: outcomes of a command, a timer, what was put into the outbox. */
export interface NamedDeclaration {
  readonly kind: 'outcome' | 'timer' | 'outbox';
  readonly method: string | symbol;
  readonly name: string;
}

// Names and not symbols: a plugin may bring a copy of the door of its own.
const SERVER = 'signalbox:logic-server';
const DECLARATIONS = 'signalbox:declarations';

export function declareServer(server: object, options: LogicServerOptions): void {
  Reflect.defineMetadata(SERVER, options, server);
}

/** What the decorator of a logic server was told; undefined for every other thing. */
export function serverOptionsOf(value: unknown): LogicServerOptions | undefined {
  return typeof value === 'function' ? Reflect.getOwnMetadata(SERVER, value) : undefined;
}

export function declareMethod(prototype: object, declaration: Declaration): void {
  const server = prototype.constructor;
  Reflect.defineMetadata(DECLARATIONS, [...declarationsOf(server), declaration], server);
}

/** The marked methods of a class, those that it inherits included. */
export function declarationsOf(server: object): readonly Declaration[] {
  return Reflect.getMetadata(DECLARATIONS, server) ?? [];
}

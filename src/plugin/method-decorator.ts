import { declareMethod, type NamedDeclaration } from './declarations.js';
import type { Turn } from './turn.js';

/** A decorator for methods that are called with an `Input` and a turn. */
export type HandlerDecorator<Input> = <Method extends (input: Input, turn: Turn) => unknown>(
  server: object,
  method: string | symbol,
  descriptor: TypedPropertyDescriptor<Method>,
) => void;

/** Marks a method by a name of its kind. @throws TypeError when that is no name */
export function namedDecorator<Input>(kind: NamedDeclaration['kind'], name: string): HandlerDecorator<Input> {
  if (typeof name !== 'string' || name === '') throw new TypeError(`A handler of kind "${kind}" needs a name.`);
  return (server, method) => declareMethod(server, { kind, method, name });
}

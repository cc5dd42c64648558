import { isPromise } from '../channels/maybe-promise.js';
import type { MaybePromise } from '../engine/message-log.js';
import { emptyAnswer, methodNotAllowed } from './answers.js';
import type { Answer, Exchange } from './exchange.js';

/** Answers with what comes, or with what went wrong on the way to it. */
export function answerWith(exchange: Exchange, answer: MaybePromise<Answer>): void {
  if (!isPromise(answer)) exchange.answer(answer);
  else answer.then((known) => exchange.answer(known)).catch((error: unknown) => exchange.fail(error));
}

/** A method that the URL does not have, or OPTIONS, which tells those that it has. @param allowed "GET, POST" */
export function refuseMethod(exchange: Exchange, allowed: string): void {
  const all = `${allowed}, OPTIONS`;
  if (exchange.method === 'OPTIONS') exchange.answer({ ...emptyAnswer(204), headers: [['Allow', all]] });
  else exchange.answer(methodNotAllowed(exchange.method, all));
}

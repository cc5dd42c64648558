import type { HubError } from '../channels/hub-error.js';
import { PROBLEM_TYPE, problemDetails } from '../channels/problem-details.js';
import type { Answer } from './exchange.js';

const TEXT: readonly [string, string] = ['Content-Type', 'text/plain'];
const NO_STORE: readonly [string, string] = ['Cache-Control', 'no-store'];

/** A status and nothing else: `Content-Length: 0`, no Content-Type. */
export function emptyAnswer(status: number): Answer {
  return { status, headers: [], body: '' };
}

export function textAnswer(status: number, body: string, headers: Answer['headers'] = []): Answer {
  return { status, headers: [TEXT, ...headers], body };
}

/** Bytes that are no request, or end within one. */
export const notHttp: Answer = textAnswer(400, 'The request is not valid HTTP.\n');

/** A request that `head_timeout` or `body_timeout` cut off. */
export const requestTimeout: Answer = textAnswer(408, 'The request was not complete in time; send it again.\n');

/** A request by a method that the URL does not have. */
export function methodNotAllowed(method: string, allowed: string): Answer {
  return textAnswer(405, `${method} is not allowed here; allowed are ${allowed}.\n`, [['Allow', allowed]]);
}

/** The header lines of an answer that is JSON; nobody is to keep it. */
export const JSON_HEADERS: Answer['headers'] = [['Content-Type', 'application/json'], NO_STORE];

export function jsonAnswer(status: number, value: unknown, headers: Answer['headers'] = []): Answer {
  const body = `${JSON.stringify(value)}\n`;
  return { status, headers: headers.length === 0 ? JSON_HEADERS : [...JSON_HEADERS, ...headers], body };
}

/** An error as RFC 9457 problem details: for the APIs of our own. */
export function problemAnswer(error: HubError, headers: Answer['headers'] = []): Answer {
  const body = `${JSON.stringify(problemDetails(error))}\n`;
  return { status: error.status, headers: [['Content-Type', PROBLEM_TYPE], NO_STORE, ...headers], body };
}

/** An error as a sentence of plain text: for the push module's clients, which know no other. */
export function sentenceAnswer(error: HubError): Answer {
  return textAnswer(error.status, `${error.message}\n`);
}

import { HubError } from '../../channels/hub-error.js';
import { andThen, recover } from '../../channels/maybe-promise.js';
import type { Commands } from '../../commands/commands.js';
import type { Command } from '../../commands/life/command.js';
import type { ReportFact } from '../../commands/life/fact.js';
import type { Step } from '../../commands/life/step.js';
import type { TrackedDevice } from '../../devices/tracked-device.js';
import { answerWith } from '../answer-with.js';
import { emptyAnswer, jsonAnswer, problemAnswer } from '../answers.js';
import type { DeviceRoute } from '../device-route.js';
import type { Answer, Exchange } from '../exchange.js';
import { wholeNumber } from './asked.js';
import { jsonIn, objectIn } from './json-body.js';

type ReportRoute = Extract<DeviceRoute, { kind: 'report' }>;

/** What a device says of a result, or of its reasons: it is kept with the command. */
const MAX_DATA_BYTES = 16 * 1024;
const MAX_DELAY_SECONDS = 86_400;

/** POST …/commands/{id}/{lock}/complete|result|progress|abandon|reject: a device says what became of a command. */
export function postReport(exchange: Exchange, route: ReportRoute, commands: Commands, device: TrackedDevice): void {
  const { id, verb } = route;
  const report = () => commands.report(device.id, id, factOf(exchange, route));
  const told = recover(report, (error): never => {
    device.said({ verb, verdict: 'refused' }, 0);
    throw error;
  });
  const answer = andThen(told, (step) => {
    device.said({ verb, verdict: step.verdict }, step.command.seq);
    return reportAnswer(step);
  });
  answerWith(exchange, answer);
}

/** What a verdict is on the wire: 204, 202 late, 412 lock lost, 410 gone. */
function reportAnswer({ command, verdict }: Step): Answer {
  const state = ['Signalbox-State', command.state.is] as const;
  switch (verdict) {
    case 'done':
    case 'repeated':
      return { ...emptyAnswer(204), headers: [state] };
    case 'late':
      return jsonAnswer(202, { id: command.id, state: command.state.is, late: true }, [state]);
    case 'gone':
      return problemAnswer(new HubError('command_gone', `Command "${command.id}" ${goneBecause(command)}`), [state]);
    case 'lock_lost':
    case 'conflict':
      return problemAnswer(
        new HubError(
          'lock_lost',
          `This lock no longer holds command "${command.id}", which is ${command.state.is}. Poll for what is next.`,
        ),
        [state],
      );
  }
}

function goneBecause({ state }: Command): string {
  if (state.is === 'CANCELED') {
    const why = state.cause === 'canceled' ? '' : ` (${state.cause})`;
    return `was canceled${why}; its work is not wanted any more.`;
  }
  return state.is === 'EXPIRED' ? 'has expired.' : 'timed out too long ago for a late result.';
}

function factOf(exchange: Exchange, { lock, verb }: ReportRoute): ReportFact {
  const query = new URLSearchParams(exchange.query);
  switch (verb) {
    case 'complete':
    case 'progress':
      return { is: verb, lock };
    case 'reject':
      return { is: verb, lock, data: dataIn(exchange) };
    case 'abandon': {
      const seconds = wholeNumber(query, 'delay', 0, MAX_DELAY_SECONDS) ?? 0;
      return { is: verb, lock, delayMs: seconds * 1000 };
    }
    case 'result': {
      const status = wholeNumber(query, 'status', 200, 599);
      return {
        is: verb,
        lock,
        ...checked(status === undefined ? resultIn(exchange) : { status, data: dataIn(exchange) }),
      };
    }
  }
}

/** A result in one JSON object, `{"status":200,"data":…}`, for who sends no query. */
function resultIn(exchange: Exchange): { status: number; data: unknown } {
  checkSize(exchange.body);
  const { status, data } = objectIn(exchange.body, '{"status":200,"data":{"on":true}}');
  return { status: Number(status), data };
}

function checked(result: { status: number; data: unknown }): { status: number; data: unknown } {
  const { status } = result;
  if (Number.isInteger(status) && [2, 4, 5].includes(Math.floor(status / 100))) return result;
  throw new HubError(
    'invalid_payload',
    `A result's status is 200 to 299 for done, 400 to 499 for refused or 500 to 599 for failed; this one is ${status}.`,
  );
}

/** A body of JSON as its value, any other as text; undefined when there is none. */
function dataIn(exchange: Exchange): unknown {
  const { body } = exchange;
  checkSize(body);
  if (body.length === 0) return undefined;
  const isJson = /^application\/(?:[\w.+-]+\+)?json\b/i.test(exchange.header('content-type') ?? '');
  return isJson ? jsonIn(body) : body.toString('utf8');
}

function checkSize({ length }: Buffer): void {
  if (length <= MAX_DATA_BYTES) return;
  throw new HubError(
    'body_too_large',
    `What a device says of a command has ${MAX_DATA_BYTES} bytes at most; this has ${length}. Send large data as an event.`,
  );
}

import { HubError } from '../../channels/hub-error.js';
import { andThen } from '../../channels/maybe-promise.js';
import type { Commands, SentCommand } from '../../commands/commands.js';
import { type Command, hasEnded } from '../../commands/life/command.js';
import type { Step } from '../../commands/life/step.js';
import { answerWith } from '../answer-with.js';
import { problemAnswer } from '../answers.js';
import type { Answer, Exchange, Parking } from '../exchange.js';
import { askedWait } from './asked.js';
import { commandIn } from './command-in.js';
import { commandAnswer, commandUrl, historyAnswer } from './command-view.js';

/** A command's URL without what stands behind its id. */
export interface CommandName {
  readonly device: string;
  readonly id: string;
}

const IDEMPOTENCY_KEY = /^[\x21-\x7e]{1,128}$/;

/**
 * POST /v1/devices/{device}/commands: sends a command. 202 with where it can be looked up; with `Prefer: wait` 200 once it
 * has ended, when that is in time.
 */
export function postCommand(exchange: Exchange, commands: Commands, device: string, maxWaitMs: number): void {
  const draft = commandIn(device, exchange.body);
  const waitMs = Math.min(askedWait(exchange, new URLSearchParams(exchange.query)) ?? 0, maxWaitMs);
  const sent = commands.sendDraft(draft, idempotencyKey(exchange));
  if (waitMs === 0) answerWith(exchange, andThen(sent, accepted));
  else awaitEnd(exchange, commands, sent, waitMs);
}

/** GET /v1/devices/{device}/commands/{id} */
export function getCommand(exchange: Exchange, commands: Commands, { device, id }: CommandName): void {
  answerWith(
    exchange,
    andThen(commands.find(device, id), (command) => commandAnswer(200, command)),
  );
}

/** GET …/{id}/history */
export function getHistory(exchange: Exchange, commands: Commands, { device, id }: CommandName): void {
  answerWith(exchange, andThen(commands.find(device, id), historyAnswer));
}

/** DELETE …/{id}: cancels it, unless it has ended; what a device is doing already it is not told to stop. */
export function cancelCommand(exchange: Exchange, commands: Commands, { device, id }: CommandName): void {
  answerWith(
    exchange,
    andThen(commands.cancel(device, id), (step) => stepAnswer(step, 'canceled')),
  );
}

/** POST …/{id}/redrive: gives a DEAD command new deliveries and a new time to live. */
export function redriveCommand(exchange: Exchange, commands: Commands, { device, id }: CommandName): void {
  answerWith(
    exchange,
    andThen(commands.redrive(device, id), (step) => stepAnswer(step, 'driven again')),
  );
}

function accepted({ command, delivered, isRepeated }: SentCommand): Answer {
  const { id, state } = command;
  const body = { id, state: state.is, delivered, ...(isRepeated && { repeated: true }) };
  const headers: Answer['headers'] = [
    ['Content-Type', 'application/json'],
    ['Cache-Control', 'no-store'],
    ['Location', commandUrl(command)],
  ];
  return { status: 202, headers, body: `${JSON.stringify(body)}\n` };
}

function stepAnswer({ command, verdict }: Step, deed: string): Answer {
  if (verdict !== 'conflict') return commandAnswer(200, command);
  return problemAnswer(
    new HubError('command_conflict', `Command "${command.id}" is ${command.state.is} and cannot be ${deed}.`),
    [['Signalbox-State', command.state.is]],
  );
}

/** @throws HubError `bad_request` */
export function idempotencyKey(exchange: Exchange): string | undefined {
  const key = exchange.header('idempotency-key');
  if (key === undefined || IDEMPOTENCY_KEY.test(key)) return key;
  throw new HubError('bad_request', 'An Idempotency-Key must be 1 to 128 visible ASCII characters.');
}

/** A producer that waits for its command's end. */
class EndWait implements Parking {
  readonly hasReadHead = true;
  stop: () => void = () => {};

  constructor(private readonly sent: SentCommand) {}

  leave(): void {
    this.stop();
  }

  endAnswer(): Answer {
    return accepted(this.sent);
  }
}

function awaitEnd(
  exchange: Exchange,
  commands: Commands,
  sending: SentCommand | Promise<SentCommand>,
  ms: number,
): void {
  const waiting = andThen(sending, (sent) => {
    if (exchange.isAnswered) return;
    const { device, id } = sent.command;
    const wait = new EndWait(sent);
    const tell = (command: Command) => {
      wait.stop();
      exchange.answer(commandAnswer(200, command));
    };
    wait.stop = commands.whenEnded(device, id, tell);
    exchange.parkedIn = wait;
    exchange.armTimeout(ms);
    // It may have ended before anybody listened.
    return andThen(commands.find(device, id), (command) => {
      if (hasEnded(command.state)) tell(command);
    });
  });
  if (waiting instanceof Promise) waiting.catch((error: unknown) => exchange.fail(error));
}

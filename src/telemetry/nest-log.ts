import type { Logger } from './logger.js';

/** Takes what Nest logs, in the shape of its LoggerService. Its tales of a start are for those who debug. */
export class NestLog {
  constructor(private readonly logger: Logger) {}

  log(message: unknown, ...rest: unknown[]): void {
    this.logger.debug(factsOf(rest), sentenceOf(message));
  }

  debug(message: unknown, ...rest: unknown[]): void {
    this.logger.debug(factsOf(rest), sentenceOf(message));
  }

  verbose(message: unknown, ...rest: unknown[]): void {
    this.logger.debug(factsOf(rest), sentenceOf(message));
  }

  warn(message: unknown, ...rest: unknown[]): void {
    this.logger.warn(factsOf(rest), sentenceOf(message));
  }

  error(message: unknown, ...rest: unknown[]): void {
    this.logger.error(factsOf(rest), sentenceOf(message));
  }

  fatal(message: unknown, ...rest: unknown[]): void {
    this.logger.error(factsOf(rest), sentenceOf(message));
  }
}

/** Nest hands over a stack, or further values, and last of all the name of the class that speaks. */
function factsOf(rest: readonly unknown[]): object {
  const context = rest.at(-1);
  const details = rest.slice(0, -1).filter((detail) => detail !== undefined);
  return { nest: context, ...(details.length > 0 && { details }) };
}

function sentenceOf(message: unknown): string {
  if (message instanceof Error) return message.stack ?? message.message;
  return typeof message === 'string' ? message : JSON.stringify(message);
}

import { type DestinationStream, pino, stdSerializers, stdTimeFunctions } from 'pino';
import type { Logger } from './logger.js';

export type LogLevel = 'silent' | 'error' | 'warn' | 'info' | 'debug';

const STDERR = 2;

/**
 * Writes JSON lines, each `{level, time, …facts, msg}` with the level by name and the time in ISO form. An Error among
 * the facts, named `error` or `err`, is written with its message and stack.
 * @param level the least grave that is written; `silent` writes nothing
 * @param destination standard error, written to at once so that nothing is lost when the process dies
 */
export function createLogger(level: LogLevel, destination: DestinationStream = pino.destination(STDERR)): Logger {
  return pino(
    {
      level,
      base: null,
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { err: stdSerializers.err, error: stdSerializers.err },
    },
    destination,
  );
}

import type { Logger } from '../telemetry/logger.js';

/** A logger that adds `known` to the facts of every line; what a plugin writes cannot take their place. */
export function loggerWith(logger: Logger, known: object): Logger {
  return {
    error: (facts, sentence) => logger.error({ ...facts, ...known }, sentence),
    warn: (facts, sentence) => logger.warn({ ...facts, ...known }, sentence),
    info: (facts, sentence) => logger.info({ ...facts, ...known }, sentence),
    debug: (facts, sentence) => logger.debug({ ...facts, ...known }, sentence),
  };
}

/** Where rooms write what an operator should know; pino has this shape. Facts first, then one sentence. */
export interface Logger {
  error(facts: object, sentence: string): void;
  warn(facts: object, sentence: string): void;
  info(facts: object, sentence: string): void;
  debug(facts: object, sentence: string): void;
}

export const silentLogger: Logger = {
  error() {},
  warn() {},
  info() {},
  debug() {},
};

/** Ends a command: its message is a sentence or two for whoever typed it, and goes to stderr as it is. */
export class Failure extends Error {
  /** @param exitCode one of EXIT */
  constructor(
    message: string,
    readonly exitCode: number = 1,
    options?: { cause?: unknown },
  ) {
    super(message, options);
    this.name = 'Failure';
  }
}

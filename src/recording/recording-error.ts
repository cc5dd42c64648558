/** A recording that cannot be read, or written: its message is a sentence or two that name the file and the line. */
export class RecordingError extends Error {
  constructor(message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'RecordingError';
  }
}

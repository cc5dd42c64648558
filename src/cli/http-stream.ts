import * as http from 'node:http';
import * as https from 'node:https';
import { firstOf, type HttpAnswer, readAnswer } from './http-request.js';

/** An answer that goes on, or one that is none and was read to its end. */
export type HttpStream =
  | { readonly isOpen: true; readonly pieces: AsyncIterable<Buffer> }
  | { readonly isOpen: false; readonly answer: HttpAnswer };

export interface StreamOptions {
  /** ends the stream */
  readonly signal: AbortSignal;
  /** ms after which a stream that brings nothing counts as lost */
  readonly silenceMs: number;
}

/**
 * Asks for an answer that has no end.
 * @throws the system's error, or the signal's reason; the pieces throw the same
 */
export function openStream(url: URL, { signal, silenceMs }: StreamOptions): Promise<HttpStream> {
  const { get } = url.protocol === 'https:' ? https : http;
  return new Promise((resolve, reject) => {
    const asked = get(url, { signal, agent: false }, (response) => {
      if (response.statusCode === 200) resolve({ isOpen: true, pieces: response });
      else readAnswer(response).then((answer) => resolve({ isOpen: false, answer }), reject);
    });
    asked.setTimeout(silenceMs, () => asked.destroy(new Error(`it was silent for ${silenceMs / 1_000} s`)));
    asked.on('error', (error) => reject(signal.aborted ? signal.reason : firstOf(error)));
  });
}
